//! Work that the cores share.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::task::JoinError;
use tokio::time::{Instant, timeout};

/// How many items are worked on at the same time. One core is left to the database, which everything else waits for.
fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, |cores| (cores.get() - 1).max(1))
}

/// Does `work` with each of `items`; what it made of them, in order. The threads are the runtime's own, as memory that
/// short-lived ones leave behind is not soon used again.
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
pub enum Doing<T, R> {
    /// It is done.
    Done(R),
    /// It takes longer; it says here when it is done, or that its work panicked.
    Late(oneshot::Receiver<R>),
    /// Its work panicked.
    Lost,
    /// It was not begun: all workers are at items that are late.
    Left(T),
}

/// Workers that take over what waits behind slow items, at most: their threads cannot be ended from outside.
const RELIEF: usize = 8;
/// Another worker comes when no item was begun for so long.
const RELIEF_AFTER: Duration = Duration::from_millis(250);

/// Does `work` with all of `items`, and waits for each, in order, until it is done or its own work has taken `patience`:
/// the time for which it waited for a worker does not count. An item that takes longer is given up by nobody: its worker
/// goes on, and another one takes over the items behind it. When whoever waits has left, nothing more is begun.
pub async fn begin<T, R, F>(items: Vec<T>, patience: Duration, work: F) -> Vec<Doing<T, R>>
where
    T: Send + 'static,
    R: Send + 'static,
    F: Fn(T) -> R + Clone + Send + 'static,
{
    let (queue, waiting): (VecDeque<_>, Vec<_>) = items.into_iter().map(job).unzip();
    let count = queue.len();
    let mut crew = Crew {
        queue: Arc::new(Mutex::new(queue)),
        work,
        relief: RELIEF,
        unbegun: usize::MAX,
        taken_back: VecDeque::new(),
    };
    (0..cores().min(count)).for_each(|_| crew.hire());
    let mut doing = Vec::with_capacity(count);
    for waits in waiting {
        doing.push(crew.wait(waits, patience).await);
    }
    doing
}

/// An item, and whom to tell that its work begins, and what it made of it.
struct Job<T, R> {
    item: T,
    begins: oneshot::Sender<Instant>,
    done: oneshot::Sender<R>,
}

/// The other end of a job.
struct Waits<R> {
    begins: oneshot::Receiver<Instant>,
    done: oneshot::Receiver<R>,
}

fn job<T, R>(item: T) -> (Job<T, R>, Waits<R>) {
    let (begins, begun) = oneshot::channel();
    let (done, waits) = oneshot::channel();
    (Job { item, begins, done }, Waits { begins: begun, done: waits })
}

/// Workers at one queue.
struct Crew<T, R, F> {
    queue: Arc<Mutex<VecDeque<Job<T, R>>>>,
    work: F,
    /// Workers that may still come.
    relief: usize,
    /// How long the queue was when this was last looked at.
    unbegun: usize,
    /// The rest of the queue, in order, once there is nobody left to come.
    taken_back: VecDeque<T>,
}

impl<T, R, F> Crew<T, R, F>
where
    T: Send + 'static,
    R: Send + 'static,
    F: Fn(T) -> R + Clone + Send + 'static,
{
    fn hire(&self) {
        let (queue, work) = (Arc::clone(&self.queue), self.work.clone());
        drop(tokio::task::spawn_blocking(move || {
            while let Some(Job { item, begins, done }) = next(&queue) {
                if begins.send(Instant::now()).is_ok() {
                    // Whoever waited may have left meanwhile.
                    let _ = done.send(work(item));
                }
            }
        }));
    }

    /// Another worker comes, if one may.
    fn relieve(&mut self) {
        if let Some(fewer) = self.relief.checked_sub(1) {
            self.relief = fewer;
            self.hire();
        }
    }

    /// Nothing happened for a while: when nothing was begun either, another worker comes.
    fn look_after(&mut self) {
        let unbegun = lock(&self.queue).len();
        if unbegun > 0 && unbegun == self.unbegun {
            self.relieve();
        }
        self.unbegun = unbegun;
    }

    async fn wait(&mut self, mut waits: Waits<R>, patience: Duration) -> Doing<T, R> {
        let begun = loop {
            match timeout(RELIEF_AFTER, &mut waits.begins).await {
                Ok(Ok(begun)) => break begun,
                Ok(Err(_)) => return self.taken_back.pop_front().map_or(Doing::Lost, Doing::Left),
                Err(_) if self.relief > 0 => self.look_after(),
                // Items before this one are done or late, so all workers are at late ones.
                Err(_) => self.taken_back.extend(lock(&self.queue).drain(..).map(|job| job.item)),
            }
        };
        loop {
            let left = patience.saturating_sub(begun.elapsed());
            match timeout(left.min(RELIEF_AFTER), &mut waits.done).await {
                Ok(Ok(done)) => return Doing::Done(done),
                Ok(Err(_)) => {
                    // The worker is lost with it.
                    self.hire();
                    return Doing::Lost;
                }
                Err(_) => self.look_after(),
            }
            if begun.elapsed() >= patience {
                self.relieve();
                return Doing::Late(waits.done);
            }
        }
    }
}

/// Not in the loop that takes jobs: the queue would stay locked while one is done.
fn next<T, R>(queue: &Mutex<VecDeque<Job<T, R>>>) -> Option<Job<T, R>> {
    lock(queue).pop_front()
}

fn lock<T>(queue: &Mutex<T>) -> MutexGuard<'_, T> {
    queue.lock().unwrap_or_else(PoisonError::into_inner)
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
                Doing::Lost | Doing::Left(_) => panic!("{n} is lost"),
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

    #[tokio::test]
    async fn what_waits_for_a_worker_is_not_late() {
        let (let_go, gate) = mpsc::channel::<()>();
        let gate = Arc::new(Mutex::new(gate));
        let begun = Arc::new(Mutex::new(Vec::new()));
        let stuck = super::cores() + super::RELIEF;
        let (doings, all) = (Arc::clone(&begun), stuck + 5);
        // Nobody is let go: each worker that comes is stuck, and the rest waits for ever longer.
        let doing = begin((0..all).collect(), Duration::from_millis(1), move |n: usize| {
            doings.lock().unwrap().push(n);
            let _ = gate.lock().unwrap().recv();
        })
        .await;
        for (n, doing) in doing.iter().enumerate() {
            match doing {
                Doing::Late(_) => assert!(n < stuck, "{n}"),
                Doing::Left(item) => assert!(*item == n && n >= stuck, "{n}"),
                other => panic!("{n}: {other:?}"),
            }
        }
        drop(let_go);
        for doing in doing {
            if let Doing::Late(waits) = doing {
                waits.await.unwrap();
            }
        }
        let mut begun = begun.lock().unwrap().clone();
        begun.sort_unstable();
        assert_eq!(begun, (0..stuck).collect::<Vec<_>>(), "nothing that is left was begun");
    }
}
