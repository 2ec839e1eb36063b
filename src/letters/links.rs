//! Links in letters.

/// Whether a link may be shown as one. Others are shown as their label only.
pub fn is_safe_link(url: &str) -> bool {
    ["https://", "http://", "mailto:", "tel:"].iter().any(|scheme| url.starts_with(scheme))
}
