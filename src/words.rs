//! Closed sets that are stored and shown as words.

/// An enum whose members each have a word, by which tables, exports and templates know them: `Opened = "opened"`. Further
/// derives and attributes may stand before the enum and its members.
macro_rules! words {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$of_member:meta])* $member:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name {
            $($(#[$of_member])* $member,)+
        }

        impl $name {
            /// All of them.
            pub const ALL: [Self; [$(Self::$member),+].len()] = [$(Self::$member),+];

            /// Their words, in the same order.
            pub const WORDS: [&'static str; Self::ALL.len()] = [$($word),+];

            /// As stored and shown.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$member => $word,)+
                }
            }

            /// The member of a stored word.
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|member| member.as_str() == word)
            }
        }
    };
}
