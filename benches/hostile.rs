//! Reading each mail of a folder by itself, as a mail and by every form of deploy/example: its name and the seconds of processor
//! time, the best of a few passes.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a bench")]

use std::path::Path;

use caseway::config::{self, Config, Secrets};
use caseway::desk::form::choose::choose;
use caseway::desk::form::read::{Context, read};
use caseway::desk::seal::secret::Unseen;
use jiff::civil::date;

/// Passes over a mail; the best counts, as anything else is the machine's noise.
const PASSES: usize = 3;

fn main() {
    let folder = std::env::args().skip(1).find(|word| !word.starts_with("--")).unwrap();
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/example/caseway.toml");
    let config = config::load(&example, Secrets::Leave).unwrap().config;
    for file in files {
        let mail = std::fs::read(&file).unwrap();
        let pass = || {
            let began = processor_seconds();
            understand(&config, &mail);
            processor_seconds() - began
        };
        let seconds = (0..PASSES).map(|_| pass()).fold(f64::INFINITY, f64::min);
        println!("{} {seconds}", file.file_name().unwrap().to_str().unwrap());
    }
}

fn understand(config: &Config, raw: &[u8]) {
    let mail = caseway::mail::read(raw);
    std::hint::black_box(choose(config, "support", &mail));
    for form in config.forms.values() {
        std::hint::black_box(read(form, &mail, &Context::first(date(2026, 11, 30))));
    }
    std::hint::black_box(Unseen::of(mail));
}

/// What this thread has had of the processor: on a machine that does other things too, the clock tells of those.
fn processor_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    stat.split_whitespace().next().unwrap().parse::<f64>().unwrap() / 1e9
}
