//! Work that the cores share.

use tokio::task::JoinError;

/// Does `work` with each of `items`; what it made of them, in order. One core is left to the database, which everything
/// else waits for. The threads are the runtime's own, as memory that short-lived ones leave behind is not soon used again.
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
    let cores = std::thread::available_parallelism().map_or(1, |cores| (cores.get() - 1).max(1));
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

#[cfg(test)]
mod tests {
    use super::divide;

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
}
