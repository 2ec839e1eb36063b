//! Every candidate of a text, also below what was put around it.

use std::ops::Range;

use super::{layers, scan};
use crate::desk::seal::link::LinkHash;

/// Layers undone one below the other: a rewritten address in a quoted mail in an attached one.
const MAX_DEPTH: u32 = 5;

/// Octets read of one text with all its layers, as a multiple of its own, and at least.
const BUDGET: (usize, usize) = (12, 65_536);

/// Hands out every candidate of a text, with the stretch that holds it.
pub(super) fn each(text: &[u8], visit: &mut dyn FnMut(LinkHash, Range<usize>)) {
    let mut budget = text.len().saturating_mul(BUDGET.0).max(BUDGET.1);
    below(text, MAX_DEPTH, &mut budget, visit);
}

fn below(text: &[u8], depth: u32, budget: &mut usize, visit: &mut dyn FnMut(LinkHash, Range<usize>)) {
    let Some(left) = budget.checked_sub(text.len()) else { return };
    *budget = left;
    scan::each(text, visit);
    let Some(depth) = depth.checked_sub(1) else { return };
    for undone in [layers::unescaped(text), layers::untagged(text)].into_iter().flatten() {
        below(&undone.octets, depth, budget, &mut |hash, here| visit(hash, undone.source(&here)));
    }
    layers::each_encoded(text, &mut |encoded| {
        for decoded in encoded.decoded() {
            below(&decoded.octets, depth, budget, &mut |hash, here| visit(hash, encoded.source(&decoded, &here)));
        }
    });
}
