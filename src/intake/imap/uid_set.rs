//! UID sets for the wire: short, and never longer than a server must take.

use std::fmt::Write;

/// Octets of a set in one command. Servers must take lines of 8,192 octets (RFC 7162 §4); the rest is the command.
const MAX_SET: usize = 7_500;

/// Ascending `uids` as `1:3,7`.
pub(super) fn set(uids: &[u32]) -> String {
    let mut out = String::new();
    let mut runs = uids.chunk_by(|a, b| a.checked_add(1) == Some(*b)).peekable();
    while let Some(run) = runs.next() {
        if let (Some(first), Some(last)) = (run.first(), run.last()) {
            let _ = if first == last { write!(out, "{first}") } else { write!(out, "{first}:{last}") };
        }
        if runs.peek().is_some() {
            out.push(',');
        }
    }
    out
}

/// Cuts ascending `uids` into pieces of at most `most`, whose sets fit a command.
pub(super) fn pieces(uids: &[u32], most: usize) -> Vec<&[u32]> {
    let mut pieces = Vec::new();
    let mut rest = uids;
    while !rest.is_empty() {
        let (piece, tail) = rest.split_at(fitting(rest).min(most.max(1)).min(rest.len()));
        pieces.push(piece);
        rest = tail;
    }
    pieces
}

/// How many of `uids` fit one command, counting each run as two full numbers: at least one.
fn fitting(uids: &[u32]) -> usize {
    const RUN: usize = "4294967295:4294967295,".len();
    let mut octets = 0;
    let mut count = 0;
    for run in uids.chunk_by(|a, b| a.checked_add(1) == Some(*b)) {
        octets += RUN;
        if octets > MAX_SET {
            break;
        }
        count += run.len();
    }
    count.max(1)
}

#[cfg(test)]
mod tests {
    use super::{MAX_SET, pieces, set};

    #[test]
    fn runs_are_written_short() {
        assert_eq!(set(&[1, 2, 3, 7, 9, 10]), "1:3,7,9:10");
        assert_eq!(set(&[u32::MAX - 1, u32::MAX]), "4294967294:4294967295");
        assert_eq!(set(&[]), "");
    }

    #[test]
    fn pieces_fit_a_command_and_lose_nothing() {
        let sparse: Vec<u32> = (0..100_000).map(|n| 4_000_000_000 + n * 2).collect();
        let cut = pieces(&sparse, 2_000);
        assert!(cut.iter().all(|piece| set(piece).len() <= MAX_SET && piece.len() <= 2_000));
        assert_eq!(cut.concat(), sparse);
        let dense: Vec<u32> = (1..=5_000).collect();
        assert_eq!(pieces(&dense, 2_000).iter().map(|piece| piece.len()).collect::<Vec<_>>(), [2_000, 2_000, 1_000]);
    }
}
