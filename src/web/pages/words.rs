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

            /// The news that `?news=…` names.
            pub(in crate::web) fn news(name: &str) -> Option<Self> {
                let key = format!("news.{name}");
                Self::samples().into_iter().find(|word| word.key() == key)
            }

            /// Each of them once.
            pub(super) fn samples() -> Vec<Self> {
                vec![$(Self::$name $({ $blank: "7".to_owned() })?,)*]
            }
        }
    };
}

words! {
    NotFound = "error.not_found";
    NotFoundText = "error.not_found_text";
    Broken = "error.broken";
    BrokenText = "error.broken_text";
    Away = "error.away";
    AwayText = "error.away_text";
    Unsure = "error.unsure";
    UnsureText = "error.unsure_text";
    Refused = "error.refused";
    RefusedText = "error.refused_text";
    TooLarge = "error.too_large";
    TooLargeText = "error.too_large_text";
    Busy = "error.busy";
    BusyText = "error.busy_text";
    Unusable = "error.unusable";
    UnusableText = "error.unusable_text";
    ToStart = "link.start";
    ToCase = "link.case";
    ToCases = "link.cases";
    ToCode = "link.code";
    ToForgot = "link.forgot";
    ToSignIn = "link.sign_in";
    SignInWrong = "sign_in.wrong";
    TooOften = "form.too_often", minutes;
    CodeWrong = "code.wrong";
    FirstCodeWrong = "enrol.wrong";
    MailCodeWrong = "activate.wrong";
    NoAddress = "form.no_address";
    NoName = "profile.no_name";
    PasswordShort = "password.short";
    PasswordLong = "password.long";
    PasswordWeak = "password.weak";
    PasswordBreached = "password.breached";
    PasswordRefused = "password.refused";
    PasswordsDiffer = "password.differ";
    PasswordWrong = "password.wrong";
    FirstPassword = "password.first";
    OtherPassword = "password.other";
    Forgotten = "forgot.sent";
    ForgottenText = "forgot.sent_text";
    LinkGoneTitle = "gone.title";
    LinkGone = "gone.text";
    ActivateGone = "gone.activate";
    ResetGone = "gone.reset";
    Stopped = "stop.done";
    StoppedText = "stop.done_text";
    NoSubject = "case.no_subject";
    Somebody = "case.somebody";
    WholeMail = "case.whole_title", author;
    StatusNew = "status.new";
    StatusOpen = "status.open";
    StatusWaiting = "status.waiting";
    StatusClosed = "status.closed";
    NoWords = "case.no_words";
    NoSubjectTyped = "new_case.no_subject";
    NotYoursToClose = "case.not_yours";
    NotYoursToCloseText = "case.not_yours_text";
    TooManyFiles = "case.too_many_files", most;
    NewsSignedOut = "news.signed_out";
    NewsPasswordSet = "news.password_set";
    NewsPasswordChanged = "news.password_changed";
    NewsFactorOn = "news.factor_on";
    NewsFactorOff = "news.factor_off";
    NewsProfileSaved = "news.profile_saved";
    NewsAnswered = "news.answered";
    NewsOpened = "news.opened";
    NewsClosed = "news.closed";
}
