import Lanes
import Memory

/// An inbox in which very much lay when its process got its turn, or looked there in the midst of one: newest first, as it was
/// pushed, it must be turned round before the first message can be seen. That is done in steps, each a turn in which the
/// process does not run: it is in no mailbox's order otherwise (B3).
///
/// B3  While there is one, nothing is taken out of the inbox: what comes meanwhile is newer than all of this.
struct LongInbox {
  /// Cells that a turn turns round or takes in at most: several times what a sender sends in a slice. With 2,000 a receiver
  /// whose inbox had once been long never caught up with a single sender on its own scheduler: while it took in, so much more was
  /// sent that the next inbox was longer still.
  static var cellsATurn: Int { 1 << 14 }

  /// What a turn may take in. A cell takes 5 ns, or 200 where another core wrote it: so the time counts, too. (Not in a
  /// simulation, whose clock stands meanwhile.)
  struct Budget {
    private static let interval = 512

    private let most: Int
    private var cells: Int
    private var isOver = false
    private let nanoseconds: UInt64
    /// Cells until the next look at the clock.
    private var untilLook = interval
    /// 0: it has not begun to count.
    private var deadline: UInt64 = 0

    /// That of a turn in which a long inbox is taken in.
    static var ofATurn: Budget { Budget(cells: LongInbox.cellsATurn, nanoseconds: 300_000) }

    /// That of a step of the end of a process, whose cells are given back and no more: nobody waits for it.
    static var ofAnEnd: Budget { Budget(cells: cellsAnEnd, nanoseconds: 80_000) }

    /// Cells that a step of an end gives back at most.
    static var cellsAnEnd: Int { 1 << 12 }

    init(cells: Int, nanoseconds: UInt64) {
      most = cells
      self.cells = cells
      self.nanoseconds = nanoseconds
    }

    /// Cells that it was used for.
    var used: Int { most - cells }

    /// Whether there is enough for one more cell.
    mutating func takesOne() -> Bool { cells > 0 && takes(cells: 1) }

    /// Counts what took as long as so many cells. Whether there is anything left.
    mutating func takes(cells count: Int) -> Bool {
      if isOver { return false }
      cells -= count
      untilLook -= count
      if untilLook <= 0 { look() }
      return cells >= 0
    }

    private mutating func look() {
      untilLook = Budget.interval
      let now = Clock.now()
      if deadline == 0 {
        deadline = now + nanoseconds
      } else if now > deadline {
        isOver = true
      }
    }
  }

  /// Not turned round yet, newest first; turned round, oldest first.
  var newest: UInt = 0
  var oldest: UInt = 0

  /// Turns round what the budget allows.
  mutating func turnRound(_ budget: inout Budget) {
    while newest != 0 && budget.takesOne() {
      let cell = MessageCell(address: newest)
      newest = cell.next
      cell.next = oldest
      oldest = cell.address
    }
  }
}

extension Process {
  /// Takes in what was in an inbox, newest first, if that is not too much for a turn. False: it is (`isTakingIn`), or an
  /// exit signal was among it, and the process has asked to end.
  @inline(never) func take(newestFirst newest: UInt) -> Bool {
    var inbox = LongInbox(newest: newest)
    var budget = LongInbox.Budget.ofATurn
    inbox.turnRound(&budget)
    if inbox.newest == 0 { return take(oldestFirst: inbox.oldest) }
    takeInLater(inbox)
    return false
  }

  /// Leaves an inbox, which is not turned round yet, to the turns that follow.
  func takeInLater(_ inbox: LongInbox) {
    extra.inbox = inbox
    unsafe block.pointee.isTakingIn = true
  }

  /// Goes on with it; false as above.
  @inline(never) func takeInMore() -> Bool {
    let extra = extra
    var budget = LongInbox.Budget.ofATurn
    extra.inbox.turnRound(&budget)
    if extra.inbox.newest != 0 { return false }
    var next = extra.inbox.oldest
    var isTold = false
    while next != 0 && !isTold && budget.takesOne() {
      let cell = MessageCell(address: next)
      next = cell.next
      isTold = !take(cell)
    }
    // What lies behind an exit signal goes with the process (`Remains`).
    extra.inbox.oldest = next
    unsafe block.pointee.isTakingIn = next != 0 && !isTold
    tellLength()
    return next == 0 && !isTold
  }
}
