//! Values read from the mails of tests/forms: the share that is right, by kind of mail.

#![expect(clippy::expect_used, clippy::indexing_slicing, clippy::print_stdout, reason = "a bench")]

#[path = "../tests/forms/score.rs"]
mod score;

use std::path::Path;

use score::Score;

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/forms");
    for file in ["expected.jsonl", "held_back.jsonl"] {
        let (scores, misses) = score::score(&folder, file);
        println!("{file:22} fields   right      wrong, taken   asked though clear");
        let mut all = Score::default();
        for (kind, score) in &scores {
            row(kind, score);
            all.fields += score.fields;
            all.right += score.right;
            all.wrong += score.wrong;
            all.asked += score.asked;
        }
        row("all", &all);
        misses.iter().for_each(|miss| println!("  {}", miss));
        println!();
    }
}

fn row(kind: &str, score: &Score) {
    let share = score.right as f64 * 100.0 / score.fields.max(1) as f64;
    println!("  {kind:20} {:6} {:6} {share:5.1} % {:10} {:14}", score.fields, score.right, score.wrong, score.asked);
}
