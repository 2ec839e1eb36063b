//! The second factor: codes by time (RFC 6238) of an app, which is told the secret by a QR code.

use anyhow::Context;
use data_encoding::{BASE32_NOPAD, BASE64};
use jiff::Timestamp;
use qrcode::QrCode;
use qrcode::render::svg;
use serde::Serialize;
use totp_rs::{Builder, Totp};

/// What an app is told, as the page shows it.
#[derive(Debug, Serialize)]
pub(super) struct Enrolment {
    /// A picture as a `data:` URL.
    qr: String,
    /// The same secret in groups of four, for typing.
    secret: String,
}

/// Shows a secret to the person whose factor it becomes.
pub(super) fn enrolment(secret: &[u8], desk: &str, email: &str) -> anyhow::Result<Enrolment> {
    // The label of the app's entry is `desk:email`, so neither may hold a colon.
    let url = totp(secret, &desk.replace(':', " "), &email.replace(':', " "))?.to_url().context("naming a factor")?;
    let code = QrCode::new(url).context("drawing a QR code")?;
    // Black on white in the dark as well: not every camera reads the reverse.
    let (dark, light) = (svg::Color("#000000"), svg::Color("#ffffff"));
    let picture = code.render().min_dimensions(220, 220).dark_color(dark).light_color(light).build();
    let letters = BASE32_NOPAD.encode(secret);
    let groups: Vec<String> =
        letters.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group).into_owned()).collect();
    Ok(Enrolment {
        qr: format!("data:image/svg+xml;base64,{}", BASE64.encode(picture.as_bytes())),
        secret: groups.join(" "),
    })
}

/// The time step whose code was typed, with one step of grace to either side for clocks that differ.
pub(super) fn step_of(secret: &[u8], typed: &str, now: Timestamp) -> Option<i64> {
    let digits: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let seconds = u64::try_from(now.as_second()).ok()?;
    let step = totp(secret, "", "").ok()?.check(&digits, seconds)?;
    i64::try_from(step).ok()
}

fn totp(secret: &[u8], desk: &str, email: &str) -> anyhow::Result<Totp> {
    let issuer = Some(desk).filter(|desk| !desk.is_empty());
    let builder = Builder::new().with_secret(secret.to_vec()).with_issuer(issuer).with_account_name(email);
    builder.build().context("the secret of a second factor")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238 appendix B, SHA-1, the last six digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let secret = b"12345678901234567890";
        let at = |second| Timestamp::from_second(second).unwrap();
        assert_eq!(step_of(secret, "287082", at(59)), Some(1));
        assert_eq!(step_of(secret, " 081 804", at(1_111_111_109)), Some(37_037_036));
        assert_eq!(step_of(secret, "287082", at(59 + 30)), Some(1), "one step late");
        assert_eq!(step_of(secret, "287082", at(59 + 60)), None, "two steps late");
        for wrong in ["", "28708", "2870822", "abcdef", "287083"] {
            assert_eq!(step_of(secret, wrong, at(59)), None, "{wrong}");
        }
    }

    #[test]
    fn an_enrolment_holds_nothing_from_elsewhere() {
        let shown = enrolment(b"12345678901234567890", "Example: Support", "anna@customer.test").unwrap();
        assert_eq!(shown.secret, "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        assert!(shown.qr.starts_with("data:image/svg+xml;base64,"));
    }
}
