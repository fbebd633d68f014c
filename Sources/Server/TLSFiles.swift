#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import NIOSSL
import Vocabulary

/// The certificate and key of the settings, as TLS takes them; what is wrong names the setting and the remedy.
enum TLSFiles {
    static func configuration(certificate: String, key: String) throws(Refusal) -> TLSConfiguration {
        let chain: [NIOSSLCertificate]
        do { chain = try NIOSSLCertificate.fromPEMFile(certificate) } catch {
            throw wrong("tls-certificate", certificate, "is no readable PEM certificate", missing: "Name the file with the certificate, followed by those that signed it, in PEM form.")
        }
        guard !chain.isEmpty else {
            throw wrong("tls-certificate", certificate, "holds no certificate", missing: "Name the file with the certificate, followed by those that signed it, in PEM form.")
        }
        let secret: NIOSSLPrivateKey
        do { secret = try NIOSSLPrivateKey(file: key, format: .pem) } catch {
            throw wrong("tls-key", key, "is no readable PEM key without a passphrase", missing: "Name the file with the certificate's private key; `openssl pkey` takes a passphrase away.")
        }
        var configuration = TLSConfiguration.makeServerConfiguration(certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(secret))
        // Older versions are deprecated (RFC 8996), and NIO would still take them.
        configuration.minimumTLSVersion = .tlsv12
        do { _ = try NIOSSLContext(configuration: configuration) } catch {
            throw Refusal(
                400, "settings.wrong", "The key of the setting `tls-key` does not belong to the certificate of `tls-certificate`.",
                remedy: "Name the key that the certificate was made with; `openssl x509 -pubkey` and `openssl pkey -pubout` print the same for a pair.")
        }
        return configuration
    }

    private static func wrong(_ setting: String, _ path: String, _ problem: String, missing remedy: String) -> Refusal {
        if access(path, F_OK) != 0 {
            return Refusal(400, "settings.wrong", "The setting `\(setting)` names \(path), which is not there.", remedy: "Check the path; a relative one begins where Martlet was started.")
        }
        if access(path, R_OK) != 0 {
            return Refusal(400, "settings.wrong", "The setting `\(setting)` names \(path), which Martlet may not read.", remedy: "Make it readable for the user that runs Martlet.")
        }
        return Refusal(400, "settings.wrong", "The setting `\(setting)` names \(path), which \(problem).", remedy: remedy)
    }
}
