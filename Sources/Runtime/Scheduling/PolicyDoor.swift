/// Where closed lanes of work stealing hand on what the processes that run there have made runnable.
class PolicyDoor: @unchecked Sendable {
  // Sendable: its subclasses hold policies, which all workers use.
  func spawned(_ task: PolicyTask, _ worker: Int) { fatalError("no policy behind the door") }
  func woken(_ task: PolicyTask, _ worker: Int) { fatalError("no policy behind the door") }
}

/// One of the policies other than the default, at work in some world.
enum OtherPolicy<World: PolicyWorld> {
  case roundRobin(RoundRobin<World>)
  case globalQueue(GlobalQueue<World>)
  case lifoStealing(LifoStealing<World>)
  case priority(PriorityLevels<World>)
  case fairShare(FairShare<World>)
  case affinity(Affinity<World>)

  /// Nil: the default, which is none of these.
  init?(_ name: PolicyName, _ world: World) {
    switch name {
    case .workStealing: return nil
    case .roundRobin: self = .roundRobin(RoundRobin(world))
    case .globalQueue: self = .globalQueue(GlobalQueue(world))
    case .lifoStealing: self = .lifoStealing(LifoStealing(world))
    case .priority: self = .priority(PriorityLevels(world))
    case .fairShare: self = .fairShare(FairShare(world))
    case .affinity: self = .affinity(Affinity(world))
    }
  }

  /// Lets a visitor see the policy under its own type, so that what it does is compiled for it.
  func visit<Visitor: PolicyVisitor>(_ visitor: Visitor) where Visitor.World == World {
    switch self {
    case .roundRobin(let policy): visitor.visit(policy)
    case .globalQueue(let policy): visitor.visit(policy)
    case .lifoStealing(let policy): visitor.visit(policy)
    case .priority(let policy): visitor.visit(policy)
    case .fairShare(let policy): visitor.visit(policy)
    case .affinity(let policy): visitor.visit(policy)
    }
  }

  var seesWork: Bool {
    switch self {
    case .roundRobin(let policy): policy.seesWork
    case .globalQueue(let policy): policy.seesWork
    case .lifoStealing(let policy): policy.seesWork
    case .priority(let policy): policy.seesWork
    case .fairShare(let policy): policy.seesWork
    case .affinity(let policy): policy.seesWork
    }
  }

  /// Gives every task that waits to `body`. No worker runs.
  func drain(_ body: @escaping (PolicyTask) -> Void) { visit(Drain(body: body)) }

  private struct Drain: PolicyVisitor {
    let body: (PolicyTask) -> Void
    func visit<Policy: SchedulingPolicy>(_ policy: Policy) where Policy.World == World { policy.drain(body) }
  }
}

/// Does something with a policy of any type.
protocol PolicyVisitor {
  associatedtype World: PolicyWorld
  func visit<Policy: SchedulingPolicy>(_ policy: Policy) where Policy.World == World
}

/// Hands a task over.
struct HandOver<World: PolicyWorld>: PolicyVisitor {
  enum How { case spawned, woken, expired }
  let task: PolicyTask
  let worker: Int
  let how: How

  @inline(__always) func visit<Policy: SchedulingPolicy>(_ policy: Policy) where Policy.World == World {
    switch how {
    case .spawned: policy.spawned(task, policy.lane(of: worker))
    case .woken: policy.woken(task, policy.lane(of: worker))
    case .expired: policy.expired(task, policy.lane(of: worker))
    }
  }
}
