//! Which file is the configuration.

use std::path::{Path, PathBuf};

/// The environment's word for the configuration file.
pub const VARIABLE: &str = "CASEWAY_CONFIG";
/// Where a configuration is looked for when nobody names one, in this order.
pub const PLACES: [&str; 2] = ["caseway.toml", "/etc/caseway/caseway.toml"];

/// The configuration file: `named` (an argument), else the environment's, else the first of [`PLACES`] that exists.
///
/// Fails with all the places where it looked.
pub fn find(named: Option<&Path>) -> anyhow::Result<PathBuf> {
    if let Some(named) = named {
        return Ok(named.to_owned());
    }
    if let Some(named) = std::env::var_os(VARIABLE).filter(|named| !named.is_empty()) {
        return Ok(PathBuf::from(named));
    }
    if let Some(found) = PLACES.iter().map(Path::new).find(|place| place.exists()) {
        return Ok(found.to_owned());
    }
    let folder = std::env::current_dir().unwrap_or_default();
    anyhow::bail!(
        "there is no configuration: ${VARIABLE} is not set, and neither {} nor {} exists; name one with --config FILE",
        folder.join(PLACES[0]).display(),
        PLACES[1]
    )
}
