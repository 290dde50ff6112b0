import Bytecode

/// The instruction at an address, read field by field: a field of 16 bits is one load, where taking it out of the loaded
/// word would be two shifts more. Copies of `Instruction`'s layout, which a test holds against it.
@safe struct Operands {
  private let address: UnsafeRawPointer

  @inline(__always) init(unsafe pc: UnsafePointer<UInt64>) { unsafe address = UnsafeRawPointer(pc) }

  /// The byte that names the `MachineCode`.
  @inline(__always) var code: UInt8 { unsafe address.load(as: UInt8.self) }
  @inline(__always) var x: Int { unsafe Int(address.load(fromByteOffset: 1, as: UInt8.self)) }
  @inline(__always) var a: Int { unsafe Int(address.load(fromByteOffset: 2, as: UInt16.self)) }
  @inline(__always) var b: Int { unsafe Int(address.load(fromByteOffset: 4, as: UInt16.self)) }
  @inline(__always) var c: Int { unsafe Int(address.load(fromByteOffset: 6, as: UInt16.self)) }
  @inline(__always) var signedC: Int { unsafe Int(address.load(fromByteOffset: 6, as: Int16.self)) }
  @inline(__always) var wide: Int { unsafe Int(address.load(fromByteOffset: 4, as: Int32.self)) }
}
