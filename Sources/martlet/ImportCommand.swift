import ArgumentParser
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Ingest
import Server
import Vocabulary

struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Import events from a file: NDJSON in Segment's form, or CSV with a header, separated by commas, semicolons or tabs; packed by gzip or zstd, too.",
        discussion: "It goes through the same gates as the tracking API. Importing the same file again changes nothing, so a broken-off import is simply started again.")

    @Argument(help: "The file; - reads standard input.") var file: String
    @Option(help: "The source that the events belong to; made when missing.") var source = "import"
    @Option(help: "ndjson or csv; by the file's name unless told, and ndjson for standard input.") var format: String?
    @Flag(help: "Return only when the profiles show the events.") var wait = false
    @OptionGroup var options: FolderOptions

    func run() async throws {
        var isInVain = false
        await talk(options, makesFolder: true) { client in
            let input = try ImportInput(file)
            let format = try format?.lowercased() ?? input.format()
            if format == "csv", let line = try input.lineNotUTF8() { throw FileText.notUTF8(line: line) }
            var path = "/api/v1/imports?format=\(format)&source=\(PercentCoding.encode(source))&name=\(PercentCoding.encode(input.name))&fingerprint=\(input.fingerprint)"
            if wait { path += "&wait=profile" }
            var headers: [(String, String)] = []
            if let packing = input.packing { headers.append(("Content-Encoding", packing)) }
            let started = Stopwatch()
            var shown = started.seconds
            let isTerminal = isatty(2) == 1
            let answer = try client.upload(path, headers: headers, pieces: input.next) { sent in
                guard isTerminal, started.seconds - shown > 0.5 else { return }
                shown = started.seconds
                Output.status(ImportCommand.line(sent: sent, size: input.size, seconds: shown))
            }
            if isTerminal { Output.status("") }
            let json = answer.json
            let suppressed = json["suppressed"]?.integer ?? 0
            let (accepted, duplicates, rejected) = (json["accepted"]?.integer ?? 0, json["duplicates"]?.integer ?? 0, json["rejected"]?.integer ?? 0)
            // A script goes by this: a file of which nothing was taken is not what was meant.
            isInVain = rejected > 0 && accepted == 0 && duplicates == 0
            if options.json { return Output.line(json.text) }
            let rate = started.seconds > 0 ? Int(Double(accepted) / started.seconds) : 0
            Output.line("\(accepted) events accepted, \(duplicates) duplicates, \(rejected) rejected\(suppressed > 0 ? ", \(suppressed) left out as suppressed" : ""), in \(oneDigit(started.seconds)) s (\(rate) events/s)")
            for line in (json["rejectedLines"]?.elements ?? []).prefix(20) {
                Output.line("  line \(line["line"]?.integer ?? 0): \(line["message"]?.string ?? "")")
            }
        }
        if isInVain { throw ExitCode(1) }
    }

    private static func line(sent: Int, size: Int?, seconds: Double) -> String {
        let megabytes = Double(sent) / 1e6
        var text = "\(Int(megabytes)) MB, \(oneDigit(megabytes / max(seconds, 0.001))) MB/s"
        if let size, sent > 0, size > sent {
            text += ", \(sent * 100 / size) %, \(Int(Double(size - sent) / (Double(sent) / seconds))) s left"
        }
        return text
    }
}

/// With one digit behind the point.
func oneDigit(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(abs(tenths % 10))"
}

struct Stopwatch {
    private let start = Stopwatch.now()
    var seconds: Double { Stopwatch.now() - start }
    private static func now() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
