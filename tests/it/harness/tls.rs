//! Certificates for `localhost`, made anew for each test: of a private authority, or signed by themselves.

use std::path::PathBuf;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, KeyUsagePurpose};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tempfile::TempDir;
use tokio_rustls::TlsAcceptor;

pub struct TestCa {
    pub acceptor: TlsAcceptor,
    /// What a configuration names as `ca_file`.
    pub ca_file: PathBuf,
    _dir: TempDir,
}

impl TestCa {
    pub fn new() -> Self {
        Self::of("localhost")
    }

    /// For another name.
    pub fn of(host: &str) -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let ca = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let key = KeyPair::generate().unwrap();
        let leaf = CertificateParams::new(vec![host.to_owned()]).unwrap().signed_by(&key, &ca).unwrap();
        Self::with(leaf.der().clone(), &key, &ca.pem())
    }

    /// As `openssl req -x509` makes it: its own authority and marked as one.
    pub fn self_signed(host: &str) -> Self {
        let mut params = CertificateParams::new(vec![host.to_owned()]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let own = params.self_signed(&key).unwrap();
        Self::with(own.der().clone(), &key, &own.pem())
    }

    fn with(leaf: CertificateDer<'static>, key: &KeyPair, pem: &str) -> Self {
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![leaf], PrivateKeyDer::try_from(key.serialize_der()).unwrap())
            .unwrap();
        let dir = TempDir::new().unwrap();
        let ca_file = dir.path().join("ca.pem");
        std::fs::write(&ca_file, pem).unwrap();
        Self { acceptor: TlsAcceptor::from(Arc::new(config)), ca_file, _dir: dir }
    }
}
