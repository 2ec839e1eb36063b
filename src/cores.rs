//! Work that the cores share.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::task::JoinError;
use tokio::time::{Instant, timeout_at};

/// How many items are worked on at the same time. One core is left to the database, which everything else waits for.
fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, |cores| (cores.get() - 1).max(1))
}

/// Does `work` with each of `items`; what it made of them, in order. The threads are the runtime's own, as memory that short-lived ones leave behind is not soon used again.
///
/// Fails when the work panics.
pub async fn divide<T, R>(
    mut items: Vec<T>,
    work: impl Fn(T) -> R + Clone + Send + 'static,
) -> Result<Vec<R>, JoinError>
where
    T: Send + 'static,
    R: Send + 'static,
{
    let cores = cores();
    let share = items.len().div_ceil(cores).max(1);
    let mut doing = Vec::with_capacity(cores);
    while !items.is_empty() {
        let rest = items.split_off(share.min(items.len()));
        let share = std::mem::replace(&mut items, rest);
        let work = work.clone();
        doing.push(tokio::task::spawn_blocking(move || share.into_iter().map(work).collect::<Vec<R>>()));
    }
    let mut done = Vec::new();
    for share in doing {
        done.extend(share.await?);
    }
    Ok(done)
}

/// What became of one item within the patience of whoever waits.
#[derive(Debug)]
pub enum Doing<R> {
    /// It is done.
    Done(R),
    /// It is not done yet; it says here when it is, or that its work panicked.
    Late(oneshot::Receiver<R>),
    /// Its work panicked.
    Lost,
}

/// Workers that take over what waits behind slow items, at most: their threads cannot be ended from outside.
const RELIEF: usize = 8;

/// Begins `work` with all of `items`, and waits for each as long as something comes within `patience`, and for all of
/// them at most four times as long. An item that takes longer is given up by nobody: its worker goes on, another one
/// takes over the items behind it, and the caller gets to the others meanwhile. In order. What nobody waits for any more
/// is not begun.
pub async fn begin<T, R>(
    items: Vec<T>,
    patience: Duration,
    work: impl Fn(T) -> R + Clone + Send + 'static,
) -> Vec<Doing<R>>
where
    T: Send + 'static,
    R: Send + 'static,
{
    let (queue, waiting): (VecDeque<_>, Vec<_>) = items
        .into_iter()
        .map(|item| {
            let (done, waits) = oneshot::channel();
            ((item, done), waits)
        })
        .unzip();
    let count = queue.len();
    let queue = Arc::new(Mutex::new(queue));
    let worker = || {
        let (queue, work) = (Arc::clone(&queue), work.clone());
        drop(tokio::task::spawn_blocking(move || {
            while let Some((item, done)) = take(&queue) {
                if !done.is_closed() {
                    // Whoever waited may have left meanwhile.
                    let _ = done.send(work(item));
                }
            }
        }));
    };
    (0..cores().min(count)).for_each(|_| worker());
    let end = Instant::now() + patience * 4;
    let mut relief = RELIEF;
    let mut doing = Vec::with_capacity(count);
    for mut waits in waiting {
        doing.push(match timeout_at(end.min(Instant::now() + patience), &mut waits).await {
            Ok(Ok(done)) => Doing::Done(done),
            Ok(Err(_)) => {
                // The worker is lost with it.
                worker();
                Doing::Lost
            }
            Err(_) => {
                if relief > 0 {
                    relief -= 1;
                    worker();
                }
                Doing::Late(waits)
            }
        });
    }
    doing
}

fn take<T>(queue: &Mutex<VecDeque<T>>) -> Option<T> {
    queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex, mpsc};
    use std::time::Duration;

    use super::{Doing, begin, divide};

    #[tokio::test]
    async fn everything_is_done_once_and_stays_in_order() {
        for count in [0, 1, 2, 7, 100] {
            let doubled = divide((0..count).collect(), |n: usize| n * 2).await.unwrap();
            assert_eq!(doubled, (0..count).map(|n| n * 2).collect::<Vec<_>>());
        }
    }

    #[tokio::test]
    async fn a_panic_is_an_error() {
        assert!(divide(vec![1, 0], |n: u32| 1 / n).await.is_err());
    }

    #[tokio::test]
    async fn nothing_waits_behind_what_takes_for_ever() {
        let (let_go, gate) = mpsc::channel::<()>();
        let gate = Arc::new(Mutex::new(gate));
        // The first one ends when it is let go, the others at once.
        let doing = begin((0..20).collect(), Duration::from_millis(20), move |n: usize| {
            if n == 0 {
                gate.lock().unwrap().recv().unwrap();
            }
            n * 2
        })
        .await;
        let mut found = Vec::new();
        let mut first = None;
        for (n, doing) in doing.into_iter().enumerate() {
            match doing {
                Doing::Done(doubled) => found.push(doubled),
                Doing::Late(waits) if n == 0 => first = Some(waits),
                // A slow machine may be late with any.
                Doing::Late(waits) => found.push(waits.await.unwrap()),
                Doing::Lost => panic!("{n} is lost"),
            }
        }
        assert_eq!(found, (1..20).map(|n| n * 2).collect::<Vec<_>>());
        let mut first = first.unwrap();
        assert!(first.try_recv().is_err(), "it was let go by nobody");
        let_go.send(()).unwrap();
        assert_eq!(first.await, Ok(0));
    }

    #[tokio::test]
    async fn what_panics_is_lost_alone() {
        let doing =
            begin(vec![1, 0, 2], Duration::from_secs(60), |n: u32| std::panic::catch_unwind(|| 2 / n).unwrap()).await;
        assert!(matches!(doing.as_slice(), [Doing::Done(2), Doing::Lost, Doing::Done(1)]));
    }
}
