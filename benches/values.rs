//! Values read from the mails of tests/people, the right form given: by field and by language, with what was asked and what
//! was wrong. `VALUES=folder` reads another folder, `FAILS=field` lists the misses of a field (`all`: of each),
//! `HELD=1` takes every third writer alone.

#![expect(clippy::expect_used, clippy::indexing_slicing, clippy::print_stdout, reason = "a bench")]

#[path = "../tests/people/values.rs"]
mod values;

use std::path::PathBuf;

fn main() {
    let folder = std::env::var_os("VALUES")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/people"), PathBuf::from);
    let fails = std::env::var("FAILS").unwrap_or_default();
    let held = std::env::var_os("HELD").is_some();
    let started = std::time::Instant::now();
    let score = values::score(&folder, held);
    for (what, rows) in [("field", &score.fields), ("answers", &score.answers)] {
        println!("{what:24} {:>6} {:>8} {:>8} {:>8} {:>8}", "values", "right", "missing", "wrong", "extra");
        for (name, one) in rows {
            let share = one.right as f64 * 100.0 / one.wanted.max(1) as f64;
            println!("{name:24} {:>6} {share:>6.1} % {:>8} {:>8} {:>8}", one.wanted, one.missing, one.wrong, one.extra);
        }
    }
    for (name, (whole, all)) in &score.whole {
        println!("{name:24} {:>5.1} % of {all} mails whole", *whole as f64 * 100.0 / (*all).max(1) as f64);
    }
    for (field, miss) in &score.misses {
        if fails == "all" || fails.split(',').any(|wanted| wanted == field) {
            println!("{field}: {miss}");
        }
    }
    println!("{:.1} s", started.elapsed().as_secs_f64());
}
