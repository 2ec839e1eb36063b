//! Who holds connections: no client has so many that another gets none.

use std::collections::HashMap;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use axum::body::Body;
use hyper::body::{Bytes, Frame, SizeHint};
use tokio_util::sync::CancellationToken;

use super::client;

/// Connections served at the same time.
const ALL: usize = 512;
/// Connections of one client, counted as [`client::network`] does: an office with many browsers behind one address.
const OF_ONE: usize = 64;

/// The connections that are open. Clones share.
#[derive(Debug, Clone)]
pub(super) struct Connections {
    held: Arc<Mutex<Held>>,
    all: usize,
    of_one: usize,
}

#[derive(Debug, Default)]
struct Held {
    next: u64,
    /// By client, those that came first in front.
    by: HashMap<IpAddr, Vec<Entry>>,
}

#[derive(Debug)]
struct Entry {
    id: u64,
    answering: Arc<AtomicUsize>,
    cut: CancellationToken,
}

impl Default for Connections {
    fn default() -> Self {
        Self { held: Arc::default(), all: ALL, of_one: OF_ONE }
    }
}

impl Connections {
    /// A place for a connection from there. When its client has as many as one may have, unless `many` says that all the
    /// world comes through it, or when all places are taken, another loses its own: of the client that has most, the
    /// oldest of those that ask nothing just now (half-open, or kept for later), else the oldest.
    pub(super) fn admit(&self, from: IpAddr, many: bool) -> Place {
        let network = client::network(from);
        let mut held = self.held();
        if !many && held.of(network) >= self.of_one {
            held.cut(network);
        }
        if held.by.values().map(Vec::len).sum::<usize>() >= self.all
            && let Some(most) = held.most()
        {
            held.cut(most);
        }
        held.next += 1;
        let place = Place {
            id: held.next,
            network,
            answering: Arc::default(),
            cut: CancellationToken::new(),
            connections: self.clone(),
        };
        let entry = Entry { id: place.id, answering: place.answering.clone(), cut: place.cut.clone() };
        held.by.entry(network).or_default().push(entry);
        place
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    fn of(&self, network: IpAddr) -> usize {
        self.by.get(&network).map_or(0, Vec::len)
    }

    fn most(&self) -> Option<IpAddr> {
        self.by.iter().max_by_key(|(_, entries)| entries.len()).map(|(network, _)| *network)
    }

    fn cut(&mut self, network: IpAddr) {
        let Some(entries) = self.by.get_mut(&network).filter(|entries| !entries.is_empty()) else { return };
        let waits = entries.iter().position(|entry| entry.answering.load(Ordering::Acquire) == 0);
        entries.remove(waits.unwrap_or(0)).cut.cancel();
        self.tidy(network);
    }

    fn tidy(&mut self, network: IpAddr) {
        if self.of(network) == 0 {
            self.by.remove(&network);
        }
    }
}

/// One connection's place; free again when it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    id: u64,
    network: IpAddr,
    answering: Arc<AtomicUsize>,
    cut: CancellationToken,
    connections: Connections,
}

impl Place {
    /// Ends when another connection gets the place.
    pub(super) async fn lost(&self) {
        self.cut.cancelled().await;
    }

    /// How many requests of this connection are being answered.
    pub(super) fn answering(&self) -> Arc<AtomicUsize> {
        self.answering.clone()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut held = self.connections.held();
        if let Some(entries) = held.by.get_mut(&self.network) {
            entries.retain(|entry| entry.id != self.id);
        }
        held.tidy(self.network);
    }
}

/// A request that is being answered: from its head to the last octet of its answer.
#[derive(Debug)]
pub(super) struct Answering(Arc<AtomicUsize>);

impl Answering {
    pub(super) fn begin(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::AcqRel);
        Self(count.clone())
    }

    /// The answer's body, which holds this until it is sent.
    pub(super) fn with(self, body: Body) -> Body {
        Body::new(Answer { body, _answering: self })
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

struct Answer {
    body: Body,
    _answering: Answering,
}

impl hyper::body::Body for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn few() -> Connections {
        Connections { all: 6, of_one: 3, ..Connections::default() }
    }
    fn from(last: u8) -> IpAddr {
        IpAddr::from([203, 0, 113, last])
    }
    fn lost(places: &[Place]) -> Vec<bool> {
        places.iter().map(|place| place.cut.is_cancelled()).collect()
    }

    #[test]
    fn who_has_too_many_loses_the_oldest_that_asks_nothing() {
        let connections = few();
        let mut places: Vec<Place> = (0..3).map(|_| connections.admit(from(1), false)).collect();
        let asked = Answering::begin(&places[0].answering());
        places.push(connections.admit(from(1), false));
        assert_eq!(lost(&places), [false, true, false, false]);
        drop(asked);
        places.push(connections.admit(from(1), false));
        assert_eq!(lost(&places), [true, true, false, false, false]);
        let busy: Vec<Answering> = places.iter().map(|place| Answering::begin(&place.answering())).collect();
        places.push(connections.admit(from(1), false));
        assert_eq!(lost(&places), [true, true, true, false, false, false], "all of them ask: the oldest goes");
        drop(busy);
        drop(places);
        assert!(connections.held().by.is_empty(), "places are given back");
    }

    #[test]
    fn when_all_are_taken_who_has_most_makes_room() {
        let connections = few();
        let crowd: Vec<Place> = (1..=2).flat_map(|n| [n, n, n]).map(|n| connections.admit(from(n), false)).collect();
        let late: Vec<Place> = (3..=5).map(|n| connections.admit(from(n), false)).collect();
        assert_eq!(lost(&crowd).iter().filter(|lost| **lost).count(), 3);
        assert_eq!(lost(&late), [false; 3]);
        assert_eq!(connections.held().by.values().map(Vec::len).sum::<usize>(), 6);
    }

    #[test]
    fn a_proxy_has_as_many_as_there_are_and_a_subscriber_is_one_client() {
        let connections = few();
        let proxied: Vec<Place> = (0..6).map(|_| connections.admit(from(1), true)).collect();
        assert_eq!(lost(&proxied), [false; 6]);
        let other = connections.admit(from(2), false);
        assert_eq!((lost(&proxied)[0], lost(&[other])), (true, vec![false]));
        drop(proxied);
        let home: Vec<Place> = ["2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8::4"]
            .map(|address| connections.admit(address.parse().unwrap(), false))
            .into();
        assert_eq!(lost(&home), [true, false, false, false]);
    }
}
