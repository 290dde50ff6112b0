import CBoehm
import CLinux
import Observation
import Synchronization

/// How long Boehm's collector stops the world each time, and how often it has collected. It tells us itself, under its
/// own lock, so that one thread at a time counts.
public enum RegionStops {
  private static let durations = Histogram()
  private static let began = Atomic<UInt64>(0)

  /// From now on stops are counted. Called once, when Boehm's collector has been started.
  static func watch() {
    GC_set_on_collection_event { event in
      switch event {
      case GC_EVENT_PRE_STOP_WORLD:
        RegionStops.began.store(ludi_monotonic_nanoseconds(), ordering: .relaxed)
      case GC_EVENT_POST_START_WORLD:
        let start = RegionStops.began.load(ordering: .relaxed)
        RegionStops.durations.record(ludi_monotonic_nanoseconds() &- start)
      default: break
      }
    }
  }

  /// Stops are told by whoever makes them, with `record`: the heap is collected at times of its own choice.
  static func stopWatching() { GC_set_on_collection_event(nil) }

  /// Counts a stop of so many nanoseconds. One thread at a time.
  public static func record(nanoseconds: UInt64) { durations.record(nanoseconds) }

  /// How long each stop lasted, in nanoseconds.
  public static var distribution: Distribution { durations.distribution() }
}
