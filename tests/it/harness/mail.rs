//! Mails as people's clients write them.

/// A mail in the making.
#[derive(Debug, Clone)]
pub struct Letter {
    headers: Vec<(String, String)>,
    body: String,
}

/// A person's mail to the desk, with a Message-ID of its own.
pub fn from(sender: &str, message_id: &str) -> Letter {
    let headers = [
        ("From", sender),
        ("To", "Support <support@example.test>"),
        ("Date", "Mon, 2 Mar 2026 09:00:00 +0000"),
        ("Message-ID", &format!("<{message_id}>")),
        ("Subject", "The printer is broken"),
        ("MIME-Version", "1.0"),
        ("Content-Type", "text/plain; charset=utf-8"),
    ];
    let headers = headers.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    Letter { headers, body: "Hello, the printer on the second floor does not print any more.\r\n".to_owned() }
}

impl Letter {
    /// Sets a header, or adds it.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        match self.headers.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
            Some((_, old)) => *old = value.to_owned(),
            None => self.headers.push((name.to_owned(), value.to_owned())),
        }
        self
    }

    /// Puts a header on top, as a server does.
    pub fn on_top(mut self, name: &str, value: &str) -> Self {
        self.headers.insert(0, (name.to_owned(), value.to_owned()));
        self
    }

    /// The desk's own server wrote that the sender's domain sent it (`[trust]` of the tests' configuration).
    pub fn proven(self) -> Self {
        let from = self.headers.iter().find(|(name, _)| name == "From").map_or("", |(_, value)| value);
        let domain = from.rsplit('@').next().unwrap_or_default().trim_end_matches('>').to_owned();
        self.on_top("Authentication-Results", &format!("mx.example.test; dmarc=pass header.from={domain}"))
    }

    pub fn subject(self, subject: &str) -> Self {
        self.header("Subject", subject)
    }

    pub fn to(self, to: &str) -> Self {
        self.header("To", to)
    }

    /// In-Reply-To and References, as a client sets them when one answers `message_id`.
    pub fn answering(self, message_id: &str) -> Self {
        self.header("In-Reply-To", &format!("<{message_id}>")).header("References", &format!("<{message_id}>"))
    }

    pub fn text(mut self, text: &str) -> Self {
        self.body = text.replace('\n', "\r\n") + "\r\n";
        self
    }

    pub fn bytes(&self) -> Vec<u8> {
        let head: String = self.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        format!("{head}\r\n{}", self.body).into_bytes()
    }
}
