//! Cookies: as a request brings them, and as an answer sets them.

use axum::http::{HeaderMap, HeaderValue, header};
use cookie::time::Duration;
use cookie::{Cookie, SameSite};

/// How long a browser keeps what it is to keep.
const YEAR: Duration = Duration::days(365);

/// How long a cookie lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lives {
    /// Until the browser is closed.
    Visit,
    /// For a year.
    Year,
}

/// The value of a cookie.
pub(super) fn value<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let values = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut cookies = values.flat_map(Cookie::split_parse).filter_map(Result::ok);
    cookies.find(|cookie| cookie.name() == name)?.value_raw()
}

/// The `Set-Cookie` that makes a browser keep a value: for all of our pages, and for no script. `secure` is for TLS alone.
/// A link from elsewhere brings it along (`Lax`), a form from elsewhere does not.
pub(super) fn set(name: &str, value: &str, lives: Lives, secure: bool) -> Option<HeaderValue> {
    let mut cookie = Cookie::build((name, value)).path("/").same_site(SameSite::Lax).http_only(true);
    if secure {
        cookie = cookie.secure(true);
    }
    if lives == Lives::Year {
        cookie = cookie.max_age(YEAR);
    }
    cookie.to_string().parse().ok()
}
