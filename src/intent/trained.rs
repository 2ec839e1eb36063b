//! The weights that are compiled in.

use std::sync::OnceLock;

use super::model::{self, Model};

/// Made by `./dev train`.
pub(super) const FILE: &[u8] = include_bytes!("trained.bin");

/// The mails of training with which new classes are told from old ones; made by `./dev train`.
pub(super) const BACKGROUND: &str = include_str!("background.txt");

/// The model of that name; none when the file lacks it, which a test would show.
pub(super) fn model(name: &str) -> Option<&'static Model> {
    static MODELS: OnceLock<Vec<Model>> = OnceLock::new();
    let models = MODELS.get_or_init(|| model::read(FILE).unwrap_or_default());
    models.iter().find(|model| model.name == name)
}
