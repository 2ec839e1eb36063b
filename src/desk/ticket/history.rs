//! What was done on a ticket.

use crate::desk::id::{PersonId, TicketId};

words! {
    /// What kind of thing was done; programs may rely on the words.
    pub enum EventKind {
        /// The person set the first password.
        Activated = "activated",
        /// An engineer's answer reaches no address that somebody reads.
        AnswerUnread = "answer_unread",
        /// An engineer approved the form.
        Approved = "approved",
        /// The person asked again for what was sent.
        AskedAgain = "asked_again",
        /// Somebody asks for an account to be deleted.
        AsksDeletion = "asks_deletion",
        /// Somebody asks how far the case is.
        AsksStatus = "asks_status",
        /// An engineer has the ticket.
        Assigned = "assigned",
        /// An automatic reply was filed.
        AutoReply = "auto_reply",
        /// A mail of ours came back.
        Bounce = "bounce",
        /// A report came that anybody could have written.
        BounceUnproven = "bounce_unproven",
        /// Letters to people who are not known are held back.
        Breaker = "breaker",
        /// A mail that was held claims the ticket.
        Claimed = "claimed",
        /// The customer heard that the case will be closed.
        ClosingAnnounced = "closing_announced",
        /// An engineer gave a command.
        Command = "command",
        /// The directory of accounts could not do it.
        DirectoryFailed = "directory_failed",
        /// Somebody asks to be heard sooner.
        Escalated = "escalated",
        /// The end of a licence is remembered.
        ExpiryFiled = "expiry_filed",
        /// A mail of ours failed for good.
        Failed = "failed",
        /// Files of an engineer's mail were not passed on.
        FilesLeftOut = "files_left_out",
        /// Further requests of somebody who opened too many tickets.
        Flood = "flood",
        /// What was due failed too often.
        FollowUpFailed = "follow_up_failed",
        /// A form began.
        Form = "form",
        /// The form asked for what is missing.
        FormAsked = "form_asked",
        /// The form has all that it needs.
        FormComplete = "form_complete",
        /// Values of the form were corrected.
        FormCorrected = "form_corrected",
        /// The form came to its end.
        FormEnded = "form_ended",
        /// An engineer set a value.
        FormSet = "form_set",
        /// An engineer passed somebody's mail on.
        Forwarded = "forwarded",
        /// Engineers have the form.
        HandedOver = "handed_over",
        /// The mail waits for an engineer.
        Held = "held",
        /// Somebody came onto the ticket.
        Joined = "joined",
        /// An engineer set the language of its letters.
        Language = "language",
        /// Somebody is on the ticket no more.
        Left = "left",
        /// A link came back, and is worth nothing any more.
        LinkWithdrawn = "link_withdrawn",
        /// An engineer wrote to colleagues alone.
        Note = "note",
        /// An engineer's mail stays among engineers.
        NotPassedOn = "not_passed_on",
        /// The ticket was opened.
        Opened = "opened",
        /// The mail was too large to take.
        Oversize = "oversize",
        /// The portal is enabled.
        PortalEnabled = "portal_enabled",
        /// An engineer set how soon somebody should see to it.
        Priority = "priority",
        /// Other engineers look after it.
        Queue = "queue",
        /// Somebody clicked a reaction.
        Reaction = "reaction",
        /// An engineer rejected the form.
        Rejected = "rejected",
        /// The customer was reminded.
        Reminded = "reminded",
        /// It is somebody else's ticket.
        Requester = "requester",
        /// The mail was written to another queue as well.
        SecondQueue = "second_queue",
        /// The ticket stands elsewhere now.
        Status = "status",
        /// An engineer set what it is called.
        Subject = "subject",
        /// A letter or a link did not go out.
        Suppressed = "suppressed",
        /// An engineer set its tags.
        Tags = "tags",
        /// Somebody said thanks.
        Thanks = "thanks",
        /// An engineer left the desk, and nobody has the ticket.
        Unassigned = "unassigned",
        /// The directory knows nobody of that address.
        UnknownPerson = "unknown_person",
    }
}

/// An entry of a ticket's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvent {
    /// The row.
    pub id: i64,
    /// The ticket.
    pub ticket: TicketId,
    /// What kind of thing it was.
    pub kind: EventKind,
    /// Who caused it; nobody when the clock or a machine did.
    pub by: Option<PersonId>,
    /// In words.
    pub detail: String,
}
