//! What a domain publishes: records of a name server, and a file over HTTPS; on loopback.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use mail_auth::hickory_resolver::proto::op::{Message, OpCode, ResponseCode};
use mail_auth::hickory_resolver::proto::rr::rdata::{A, MX, PTR, SRV, TXT};
use mail_auth::hickory_resolver::proto::rr::{Name, RData, Record};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, UdpSocket};

use super::tls::TestCa;

/// A name server that knows a few records; it ends with the test's runtime.
pub struct NameServer {
    pub address: SocketAddr,
    /// Nobody answers there, and the questions are not lost in an error of the socket either.
    _unread: Option<UdpSocket>,
}

impl NameServer {
    #[expect(clippy::disallowed_methods, reason = "the server is the test's own task")]
    pub async fn start(records: Vec<(&'static str, RData)>) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let address = socket.local_addr().unwrap();
        tokio::spawn(async move {
            let mut packet = [0; 4_096];
            loop {
                let (octets, from) = socket.recv_from(&mut packet).await.unwrap();
                let asked = Message::from_vec(&packet[..octets]).unwrap();
                socket.send_to(&answer(&asked, &records), from).await.unwrap();
            }
        });
        Self { address, _unread: None }
    }

    /// Takes every question and says nothing.
    pub async fn silent() -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        Self { address: socket.local_addr().unwrap(), _unread: Some(socket) }
    }
}

fn answer(asked: &Message, records: &[(&str, RData)]) -> Vec<u8> {
    let mut answer = Message::response(asked.metadata.id, OpCode::Query);
    let question = asked.queries[0].clone();
    let name = question.name().to_utf8().trim_end_matches('.').to_ascii_lowercase();
    let mut is_known = false;
    for (_, data) in records.iter().filter(|(known, _)| *known == name) {
        is_known = true;
        if data.record_type() == question.query_type() {
            answer.add_answer(Record::from_rdata(question.name().clone(), 60, data.clone()));
        }
    }
    if !is_known {
        answer.metadata.response_code = ResponseCode::NXDomain;
    }
    answer.add_query(question);
    answer.to_vec().unwrap()
}

pub fn mx(preference: u16, host: &str) -> RData {
    RData::MX(MX::new(preference, name(host)))
}

pub fn srv(host: &str, port: u16) -> RData {
    RData::SRV(SRV::new(10, 1, port, name(host)))
}

/// A text as it is written in a zone: in pieces of 255 octets.
pub fn txt(text: &str) -> RData {
    let pieces = text.as_bytes().chunks(255).map(|piece| String::from_utf8(piece.to_vec()).unwrap()).collect();
    RData::TXT(TXT::new(pieces))
}

pub fn ptr(host: &str) -> RData {
    RData::PTR(PTR(name(host)))
}

pub fn a(address: Ipv4Addr) -> RData {
    RData::A(A(address))
}

fn name(host: &str) -> Name {
    Name::from_utf8(format!("{}.", host.trim_end_matches('.'))).unwrap()
}

/// A host that has one file, the same under every path.
pub struct WebHost {
    /// An address of loopback that nobody else has.
    pub address: Ipv4Addr,
    pub ca: TestCa,
}

impl WebHost {
    /// `answer` is a whole answer of HTTP/1.1.
    #[expect(clippy::disallowed_methods, reason = "the server is the test's own task")]
    pub async fn start(host: &str, answer: String) -> Self {
        let ca = TestCa::of(host);
        let (address, listener) = loop {
            let [b, c, d] = rand::random::<[u8; 3]>();
            let address = Ipv4Addr::new(127, b | 2, c, d.clamp(1, 254));
            if let Ok(listener) = TcpListener::bind((address, 443)).await {
                break (address, listener);
            }
        };
        let (acceptor, answer) = (ca.acceptor.clone(), Arc::new(answer));
        tokio::spawn(async move {
            while let Ok((tcp, _)) = listener.accept().await {
                let (acceptor, answer) = (acceptor.clone(), answer.clone());
                tokio::spawn(async move {
                    // Who does not trust the certificate hangs up.
                    let Ok(mut stream) = acceptor.accept(tcp).await else { return };
                    let mut asked = Vec::new();
                    while !asked.ends_with(b"\r\n\r\n") {
                        let mut octets = [0; 1_024];
                        match stream.read(&mut octets).await {
                            Ok(count) if count > 0 => asked.extend_from_slice(&octets[..count]),
                            _ => return,
                        }
                    }
                    stream.write_all(answer.as_bytes()).await.unwrap();
                    let _ = stream.shutdown().await;
                });
            }
        });
        Self { address, ca }
    }
}
