//! Reading each mail of a folder by itself: its name and the seconds of processor time, the best of a few passes.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a bench")]

use caseway::desk::seal::secret::Unseen;

/// Passes over a mail; the best counts, as anything else is the machine's noise.
const PASSES: usize = 3;

fn main() {
    let folder = std::env::args().skip(1).find(|word| !word.starts_with("--")).unwrap();
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files {
        let mail = std::fs::read(&file).unwrap();
        let pass = || {
            let began = processor_seconds();
            std::hint::black_box(Unseen::of(caseway::mail::read(&mail)));
            processor_seconds() - began
        };
        let seconds = (0..PASSES).map(|_| pass()).fold(f64::INFINITY, f64::min);
        println!("{} {seconds}", file.file_name().unwrap().to_str().unwrap());
    }
}

/// What this thread has had of the processor: on a machine that does other things too, the clock tells of those.
fn processor_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    stat.split_whitespace().next().unwrap().parse::<f64>().unwrap() / 1e9
}
