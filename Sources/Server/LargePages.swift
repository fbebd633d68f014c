import CKernels

/// Memory in pages of 2 MiB, in which questions over millions of events are answered up to twice as fast.
public enum LargePages {
    /// Has this process begin again with such memory; once, at its very beginning, before it has opened anything. Does nothing where the system has none.
    public static func take() { _ = unsafe martlet_take_large_pages(CommandLine.unsafeArgv) }
}
