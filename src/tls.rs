//! Trust for connections that we open ourselves: the system's certificate authorities and, where named, a private one.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, bail};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

/// Trusts the system's authorities and those in `ca_file` (PEM, one or more); where there are none at all, those that
/// Mozilla trusts. Reads files: call it off the async threads.
///
/// Fails when `ca_file` cannot be read or holds no certificate.
pub fn client_config(ca_file: Option<&Path>) -> anyhow::Result<Arc<ClientConfig>> {
    let mut roots = RootCertStore::empty();
    // Single unreadable certificates are common in system stores and harmless: the others still count.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(file) = ca_file {
        add_private(&mut roots, file)?;
    }
    if roots.is_empty() {
        // A bare container: Mozilla's authorities as built in.
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .context("choosing the TLS versions")?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

fn add_private(roots: &mut RootCertStore, file: &Path) -> anyhow::Result<()> {
    let mut found = 0_usize;
    for certificate in
        CertificateDer::pem_file_iter(file).with_context(|| format!("reading the ca_file {}", file.display()))?
    {
        let certificate = certificate.with_context(|| format!("reading the ca_file {}", file.display()))?;
        roots.add(certificate).with_context(|| format!("the ca_file {} holds a bad certificate", file.display()))?;
        found += 1;
    }
    if found == 0 {
        bail!("the ca_file {} holds no certificate", file.display());
    }
    Ok(())
}
