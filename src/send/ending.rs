//! How one attempt ended, as the courier saw it, before anyone decides what follows from it.

use crate::mail::BounceKind;

/// The end of one attempt at one mail. `error` is written for a person: what was said, by whom, at which step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ending {
    /// The server took responsibility (2xx to the final dot), or the file is durable.
    Sent,
    /// A clear "not now" (4xx).
    Deferred { error: String, throttle: Throttle },
    /// A clear "no" (5xx). `blame` is what it says of the address; `None` when it is about something else.
    Refused { error: String, blame: Option<BounceKind> },
    /// The server takes no mail of this size, or none with such files.
    TooLarge { error: String },
    /// The server refused one connection more while others work: `connections` go on. Not this mail's fault.
    Crowded { error: String, connections: usize },
    /// Cannot be sent as it is; the server was not asked.
    Unsendable { error: String },
    /// The connection broke or fell silent before the final dot was written: certainly not sent.
    Broken { error: String },
    /// The connection broke or fell silent after the final dot was written: perhaps sent.
    Lost { error: String },
    /// The server cannot be used: not this mail's fault.
    NotTried { error: String, fault: Fault },
    /// Not begun: the circuit is open or the gateway stops.
    HandedBack,
}

/// Whether a 4xx speaks about our rate rather than about the mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Throttle {
    /// About this mail.
    No,
    /// Perhaps: said of one recipient, as greylisting does. Several in a row mean us.
    Perhaps,
    /// About us.
    Yes,
    /// About how many connections we have: the courier makes [`Ending::Crowded`] of it, or [`Throttle::Yes`] when this was the only one.
    Connections,
}

/// What kind of trouble the server or its configuration has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// May pass by itself: not reachable, cut, too busy.
    Passing,
    /// Stays until a person changes something: login, TLS, a refused greeting. One is enough to stop.
    Lasting,
    /// The server asks us to slow down before it has seen a mail (421 greeting).
    Throttled,
}
