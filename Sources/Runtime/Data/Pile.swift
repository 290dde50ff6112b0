/// A stack that may grow long without ever moving what is in it, so that no push takes long.
struct Pile<Element> {
  private var full: [[Element]] = []
  private var top: [Element] = []

  private static var pieceCount: Int { 256 }

  var isEmpty: Bool { top.isEmpty && full.isEmpty }

  mutating func push(_ element: Element) {
    if top.count == Pile.pieceCount {
      full.append(top)
      top = []
      top.reserveCapacity(Pile.pieceCount)
    }
    top.append(element)
  }

  mutating func pop() -> Element? {
    if top.isEmpty { top = full.popLast() ?? [] }
    return top.popLast()
  }
}
