//! Trust for connections that we open ourselves: the system's certificate authorities and, where named, a private one.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, bail};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_name;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};

/// Trusts the system's authorities and those in `ca_file` (PEM, one or more); where there are none at all, those that
/// Mozilla trusts. A server whose very certificate is in `ca_file` is trusted too. Reads files: call it off the async threads.
///
/// Fails when `ca_file` cannot be read or holds no certificate.
pub fn client_config(ca_file: Option<&Path>) -> anyhow::Result<Arc<ClientConfig>> {
    let mut roots = RootCertStore::empty();
    // Single unreadable certificates are common in system stores and harmless: the others still count.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let named = ca_file.map(named).transpose()?.unwrap_or_default();
    for certificate in &named {
        roots.add(certificate.clone()).context("the ca_file holds a bad certificate")?;
    }
    if roots.is_empty() {
        // A bare container: Mozilla's authorities as built in.
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let authorities = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider)).build()?;
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .context("choosing the TLS versions")?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Trust { authorities, named }))
        .with_no_client_auth();
    Ok(Arc::new(config))
}

/// The certificates in a PEM file.
fn named(file: &Path) -> anyhow::Result<Vec<CertificateDer<'static>>> {
    let reading = || format!("reading the ca_file {}", file.display());
    let read = CertificateDer::pem_file_iter(file).with_context(reading)?;
    let found = read.collect::<Result<Vec<_>, _>>().with_context(reading)?;
    if found.is_empty() {
        bail!("the ca_file {} holds no certificate", file.display());
    }
    Ok(found)
}

/// The authorities' word, and besides it the very certificates that an administrator named. `openssl req -x509` marks what it
/// signs as an authority unless told otherwise, and webpki refuses authorities as servers.
#[derive(Debug)]
struct Trust {
    authorities: Arc<WebPkiServerVerifier>,
    named: Vec<CertificateDer<'static>>,
}

impl ServerCertVerifier for Trust {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let word = self.authorities.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        match word {
            // Everything that has a kind of its own (expired, not this name, a bad signature) stays as it is.
            Err(Error::InvalidCertificate(CertificateError::Other(_))) if self.named.contains(end_entity) => {
                verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)?;
                Ok(ServerCertVerified::assertion())
            }
            word => word,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.authorities.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.authorities.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.authorities.supported_verify_schemes()
    }
}

/// What a person can do about a TLS handshake that failed; `None` where its error says nothing more.
pub fn advice(error: &std::io::Error) -> Option<&'static str> {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<Error>())? {
        Error::InvalidCertificate(CertificateError::UnknownIssuer) => {
            Some("if the server has a certificate of its own or an authority of its own, name that in `ca_file`")
        }
        Error::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
        ) => Some("use the name in `host` that the server's certificate has"),
        Error::InvalidCertificate(CertificateError::Expired | CertificateError::ExpiredContext { .. }) => {
            Some("the server's certificate has expired; its administrator must renew it")
        }
        // "CaUsedAsEndEntity".
        Error::InvalidCertificate(CertificateError::Other(_)) => Some(
            "the server has probably signed its certificate itself; name that very certificate in `ca_file` to trust it",
        ),
        Error::InvalidMessage(_) => Some("this port does not speak TLS from the first octet; try `tls = \"starttls\"`"),
        _ => None,
    }
}
