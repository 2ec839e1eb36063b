//! Reading each mail of a folder by itself: its name and the seconds, the best of a few passes.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a bench")]

use std::time::Instant;

use caseway::desk::secret::Unseen;

/// Passes over a mail; the best counts, as anything else is the machine's noise.
const PASSES: usize = 3;

fn main() {
    let folder = std::env::args().skip(1).find(|word| !word.starts_with("--")).unwrap();
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files {
        let mail = std::fs::read(&file).unwrap();
        let pass = || {
            let began = Instant::now();
            std::hint::black_box(Unseen::of(caseway::mail::read(&mail)));
            began.elapsed().as_secs_f64()
        };
        let seconds = (0..PASSES).map(|_| pass()).fold(f64::INFINITY, f64::min);
        println!("{} {seconds}", file.file_name().unwrap().to_str().unwrap());
    }
}
