//! Progress of long work, for a person at a terminal; nothing at all elsewhere.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// How often an idle line turns, so that one sees that the program lives.
const TURN: Duration = Duration::from_millis(120);

const BOUNDED: &str = "{msg} ▕{bar:30}▏ {human_pos}/{human_len} {per_sec}, {eta} left";
const UNBOUNDED: &str = "{spinner} {msg} {human_pos} {per_sec}";
const WAITING: &str = "{spinner} {msg} {elapsed}";

/// A line on stderr that says how far the work is: `ingesting ▕████    ▏ 400/1000 120/s, 5s left`. Hidden where
/// stderr is no terminal. Call `inc` on the way and `finish_and_clear` at the end.
pub fn of(total: u64, doing: &'static str) -> ProgressBar {
    styled(ProgressBar::new(total), BOUNDED, doing)
}

/// The same where nobody knows how much there is: `ingesting 400 120/s`.
pub fn unbounded(doing: &'static str) -> ProgressBar {
    styled(ProgressBar::new_spinner(), UNBOUNDED, doing)
}

/// The same where nothing is counted and time passes: `waiting for the mail 7s`.
pub fn waiting(doing: &'static str) -> ProgressBar {
    styled(ProgressBar::new_spinner(), WAITING, doing)
}

fn styled(bar: ProgressBar, template: &str, doing: &'static str) -> ProgressBar {
    // The templates are those above; a plain line is better than none, should one be wrong.
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    bar.set_style(style.progress_chars("█▌ "));
    bar.set_message(doing);
    bar.enable_steady_tick(TURN);
    bar
}

#[cfg(test)]
mod tests {
    use indicatif::ProgressStyle;

    #[test]
    fn all_templates_can_be_read_and_nothing_is_shown_without_a_terminal() {
        for bar in [super::of(10, "counting"), super::unbounded("counting")] {
            assert!(bar.is_hidden(), "tests have no terminal");
            bar.inc(3);
            assert_eq!((bar.position(), bar.message().as_str()), (3, "counting"));
            bar.finish_and_clear();
        }
        for template in [super::BOUNDED, super::UNBOUNDED, super::WAITING] {
            ProgressStyle::with_template(template).unwrap();
        }
    }
}
