//! Seeded lives: random histories of everything that can happen to a desk, decided by the real rules over tables in memory, with
//! crashes between any two steps, and what must hold whatever happens. `./dev lives` lives as many as one likes.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stderr,
    reason = "a test fails by panicking, in its helpers too"
)]

mod accounts;
mod check;
mod life;
mod load;
mod mails;
mod model;
mod rules;
mod said;
mod state;
mod steps;
mod truth;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use caseway::desk::rules::Rules;

use life::{Life, Taste};

/// Lives where nobody says how many: few, as the tests are compiled to be debugged.
const LIVES: u64 = 300;
/// What happens in each.
const TASTE: Taste = Taste { length: 12, plain: false };

/// A number from the environment, which `./dev lives` sets.
fn asked(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|word| word.parse().unwrap_or_else(|_| panic!("{name} is no number: {word}")))
}

/// One life; how many decisions it took. With `told` its history is printed.
fn live(rules: &Rules, seed: u64, told: bool) -> Result<u64, String> {
    let mut life = Life::new(rules, seed, TASTE, told);
    let lived = catch_unwind(AssertUnwindSafe(|| life.live()));
    let lived = lived.unwrap_or_else(|panic| {
        let words = panic.downcast_ref::<String>().cloned();
        Err(words.or_else(|| panic.downcast_ref::<&str>().map(|word| (*word).to_owned())).unwrap_or_default())
    });
    for line in life.trail.iter().flatten() {
        eprintln!("{line}");
    }
    lived.map(|()| life.decided)
}

#[test]
fn whatever_happens_what_must_hold_holds() {
    let rules = rules::rules();
    if let Some(seed) = asked("CASEWAY_LIFE") {
        let lived = live(&rules, seed, true);
        return lived.map(|_| ()).unwrap_or_else(|why| panic!("life {seed}: {why}"));
    }
    let (first, lives) = (asked("CASEWAY_LIVES_FROM").unwrap_or(0), asked("CASEWAY_LIVES").unwrap_or(LIVES));
    let (next, decided) = (AtomicU64::new(first), AtomicU64::new(0));
    let begun = Instant::now();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let faults: BTreeMap<String, (u64, String)> = std::thread::scope(|scope| {
        let one = || {
            let mut faults = Vec::new();
            loop {
                let seed = next.fetch_add(1, Ordering::Relaxed);
                if seed >= first + lives {
                    return faults;
                }
                match live(&rules, seed, false) {
                    Ok(count) => _ = decided.fetch_add(count, Ordering::Relaxed),
                    Err(why) => faults.push((seed, why)),
                }
            }
        };
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(one)).collect();
        let mut faults: Vec<_> = running.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
        faults.sort_by_key(|(seed, _)| std::cmp::Reverse(*seed));
        faults.into_iter().map(|(seed, why)| (kind(&why), (seed, why))).collect()
    });
    let seconds = begun.elapsed().as_secs_f64();
    let decided = decided.into_inner();
    eprintln!("{lives} lives, {decided} decisions, {:.0} a second", decided as f64 / seconds);
    let told: Vec<String> = faults.values().map(|(seed, why)| format!("life {seed}: {why}")).collect();
    assert!(told.is_empty(), "{}\n`./dev lives --seed N` tells a life's history", told.join("\n"));
}

/// A fault without its numbers: each kind is told once, by the first life that has it.
fn kind(why: &str) -> String {
    why.chars().filter(|c| !c.is_ascii_digit()).take(60).collect()
}
