/// What `madvise` may be told that the C library's header does not have everywhere.
enum PageAdvice {
  /// MADV_POPULATE_WRITE, of Linux 5.14: the system gives all pages now, cleared. That takes less than half of what it takes
  /// when they are written to one by one, and when it happens is ours to choose.
  static var populate: CInt { 23 }
}
