//! Bursts by client address: what keeps one client from taking the time of all. Forgotten at a restart, as bursts are
//! short; what must not be forgotten is in [`super::throttle`].

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::http::Method;
use governor::clock;
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

use super::client;
use crate::time::Clock;

/// Requests at once: a page, its stylesheet, several tabs.
const REQUESTS: NonZeroU32 = NonZeroU32::new(240).unwrap();
/// Requests a second in the long run.
const REQUESTS_PER_SECOND: NonZeroU32 = NonZeroU32::new(10).unwrap();
/// Forms at once: a whole office behind one address.
const FORMS: NonZeroU32 = NonZeroU32::new(30).unwrap();
/// One form more comes free in this time.
const FORM_EVERY: Duration = Duration::from_secs(2);
/// Requests after which clients that were not seen lately are forgotten.
const TIDY_EVERY: u64 = 4_096;

type Limiter = RateLimiter<IpAddr, DashMapStateStore<IpAddr>, Ticks, NoOpMiddleware<Duration>>;

/// Our clock as the limiter reads it: by the time that passed, as the time of day may be set back.
#[derive(Debug, Clone)]
struct Ticks(Clock);

impl clock::Clock for Ticks {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.0.elapsed()
    }
}

/// Counts requests and forms by client.
#[derive(Debug)]
pub(super) struct Bursts {
    requests: Limiter,
    forms: Limiter,
    seen: AtomicU64,
}

impl Bursts {
    pub(super) fn new(clock: &Clock) -> Self {
        let limiter = |quota| RateLimiter::new(quota, DashMapStateStore::default(), Ticks(clock.clone()));
        let forms = Quota::with_period(FORM_EVERY).map(|quota| quota.allow_burst(FORMS));
        Self {
            requests: limiter(Quota::per_second(REQUESTS_PER_SECOND).allow_burst(REQUESTS)),
            forms: limiter(forms.unwrap_or(Quota::per_second(FORMS))),
            seen: AtomicU64::new(0),
        }
    }

    /// Whether a request may be answered; counts it.
    pub(super) fn admit(&self, client: IpAddr, method: &Method) -> bool {
        if self.seen.fetch_add(1, Ordering::Relaxed) % TIDY_EVERY == TIDY_EVERY - 1 {
            self.requests.retain_recent();
            self.forms.retain_recent();
        }
        let network = client::network(client);
        self.requests.check_key(&network).is_ok() && (method != Method::POST || self.forms.check_key(&network).is_ok())
    }
}
