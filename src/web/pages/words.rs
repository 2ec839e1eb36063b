//! The texts that the code chooses itself: titles, news, and what is wrong with a field.

use std::collections::BTreeMap;

/// Makes the words of the code from their keys, so that none can be left out of the checks at start.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident = $key:literal $(, $blank:ident)?;)*) => {
        /// A text of the code's own.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub(in crate::web) enum Word {
            $($(#[$doc])* $name $({
                #[doc = "Fills the blank of this name."]
                $blank: String
            })?,)*
        }

        impl Word {
            /// Where the text stands.
            pub(in crate::web) fn key(&self) -> &'static str {
                match self { $(Self::$name { .. } => $key,)* }
            }

            /// What fills its blanks.
            pub(super) fn values(&self) -> BTreeMap<&'static str, String> {
                match self {
                    $(Self::$name $({ $blank })? => BTreeMap::from([$((stringify!($blank), $blank.clone()))?]),)*
                }
            }

            /// Each of them once.
            pub(super) fn samples() -> Vec<Self> {
                vec![$(Self::$name $({ $blank: "7".to_owned() })?,)*]
            }
        }
    };
}

words! {
    /// The title of an answer to a path that leads nowhere.
    NotFound = "error.not_found";
    NotFoundText = "error.not_found_text";
    Broken = "error.broken";
    BrokenText = "error.broken_text";
    ToStart = "link.start";
}
