//! Reading alone, on one core: everything that `mail::read` does, beside mail-parser bare over the same mails.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a bench")]

use std::time::Instant;

/// Passes over all mails; the best counts, as anything else is the machine's noise.
const PASSES: usize = 5;

fn main() {
    let folder = std::env::args().skip(1).find(|word| !word.starts_with("--")).unwrap();
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mails: Vec<Vec<u8>> = files.iter().map(|file| std::fs::read(file).unwrap()).collect();
    let bare = measure("mail-parser, bare", &mails, |mail| {
        mail_parser::MessageParser::default().parse(mail).is_some_and(|mail| mail.from().is_some())
    });
    let ours = measure("caseway, everything", &mails, |mail| caseway::mail::read(mail).from.is_some());
    println!("caseway / mail-parser          {:.2}   (goal 0.5)", ours / bare);
}

/// Prints and gives the mails a second.
fn measure(name: &str, mails: &[Vec<u8>], read: impl Fn(&[u8]) -> bool) -> f64 {
    let pass = || {
        let began = Instant::now();
        let found = mails.iter().filter(|mail| std::hint::black_box(read(mail))).count();
        assert!(found > 0, "no mail has a sender");
        began.elapsed().as_secs_f64()
    };
    let seconds = (0..PASSES).map(|_| pass()).fold(f64::INFINITY, f64::min);
    let octets: usize = mails.iter().map(Vec::len).sum();
    let rate = mails.len() as f64 / seconds;
    println!("  {name:34} {rate:9.0} mails/s {:8.1} MB/s", octets as f64 / seconds / 1e6);
    rate
}
