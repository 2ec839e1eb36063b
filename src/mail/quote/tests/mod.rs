//! What the splitter makes of texts as the clients write them.

mod attributions;
mod blocks;
mod html;
mod layouts;
mod signatures;
mod whole;

use super::split;

/// The visible part of a text without HTML.
fn reply(text: &str) -> String {
    split(text, None).reply
}
