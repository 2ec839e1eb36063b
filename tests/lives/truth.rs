//! The tables in memory are what the real ones are: the same history by the front door, on SQLite, leaves the same rows.

use std::io::Cursor;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use caseway::app::App;
use caseway::config::{Database, Transport};
use caseway::desk::directory::AccountState;
use caseway::desk::event::Event;
use caseway::desk::inbound::page::PortalEvent;
use caseway::desk::ticket::message::Direction;
use caseway::intake::pipe::{self, Format, Input};
use caseway::store::directory::{account, business};
use caseway::time::Clock;
use jiff::Timestamp;
use sqlx::{AssertSqlSafe, Row};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use crate::life::{Deed, Life, Taste};
use crate::model::{Model, Sending};
use crate::rules::{self, ENGINEERS};

/// A real gateway on a database of its own, with a clock that is set by hand.
struct Real {
    app: App,
    now: Arc<AtomicI64>,
    _dir: TempDir,
}

impl Real {
    async fn new() -> Self {
        let dir = TempDir::new().unwrap();
        let mut config = rules::config();
        config.database =
            Database { url: format!("sqlite://{}", dir.path().join("caseway.db").display()), password: None };
        config.transports.values_mut().for_each(|out| *out = Transport::Folder { path: dir.path().join("out") });
        let start: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
        let now = Arc::new(AtomicI64::new(start.as_microsecond()));
        let (day, passed) = (now.clone(), now.clone());
        let clock = Clock::driven_by(
            move || Timestamp::from_microsecond(day.load(Ordering::Relaxed)).unwrap(),
            move || Duration::from_micros(passed.load(Ordering::Relaxed).unsigned_abs()),
        );
        let app = App::build(config, clock).await.unwrap();
        let real = Self { app, now, _dir: dir };
        let mut tx = real.app.store.write().await.unwrap();
        for (email, name, queue) in ENGINEERS {
            for sql in [
                "INSERT INTO person (id, email, name, created_at) SELECT value + 1, $1, $2, 0 FROM counter WHERE name = 'person' AND $3 <> ''",
                "UPDATE counter SET value = value + 1 WHERE name = 'person' AND $1 <> $2 AND $3 <> ''",
                "INSERT INTO engineer (person_id, queue, added_at) SELECT id, $3, 0 FROM person WHERE email = $1 AND name = $2",
            ] {
                sqlx::query(sql).bind(email).bind(name).bind(queue).execute(&mut *tx).await.unwrap();
            }
        }
        account::save(&mut tx, &rules::account(), start).await.unwrap();
        tx.commit().await.unwrap();
        real
    }

    /// The same happens here.
    async fn does(&self, deed: &Deed) {
        let stop = CancellationToken::new();
        match deed {
            Deed::Pass(time) => {
                self.now.fetch_add(i64::try_from(time.as_micros()).unwrap(), Ordering::Relaxed);
            }
            Deed::Receive(mailbox, raw) => {
                let input = Input::Stream { name: "a mail".to_owned(), read: Box::new(Cursor::new(raw.clone())) };
                pipe::take(&self.app.intake(&stop), mailbox, input, Format::Mail).await.unwrap();
            }
            Deed::Process => _ = self.app.process.drain(&stop).await.unwrap(),
            Deed::Due => _ = self.app.follow_ups.drain(&stop).await.unwrap(),
            Deed::Answers => self.app.provision.drain(&stop).await.unwrap(),
            Deed::Active(email) => {
                let mut tx = self.app.store.write().await.unwrap();
                let from = AccountState::ALL;
                let now = self.app.clock.now();
                business::set_state(&mut tx, email, &from, AccountState::Active, now).await.unwrap();
                tx.commit().await.unwrap();
            }
            Deed::Page(event) => {
                self.use_links(event).await;
                self.app.process.act.events(&[Event::Page(event)]).await.unwrap();
            }
            Deed::Failed(outbox, cause, error) => {
                let sql = "UPDATE outbox SET state = 'failed', cause = $1, last_error = $2 WHERE id = $3";
                let mut tx = self.app.store.write().await.unwrap();
                sqlx::query(sql).bind(*cause).bind(error.clone()).bind(*outbox).execute(&mut *tx).await.unwrap();
                tx.commit().await.unwrap();
                self.app.process.drain(&stop).await.unwrap();
            }
            Deed::Close(ticket) => {
                _ = self.app.process.act.events(&[Event::Close { ticket: *ticket, by: None }]).await.unwrap();
            }
        }
    }

    /// The page used the link that led to it.
    async fn use_links(&self, event: &PortalEvent) {
        let used = match event {
            PortalEvent::Activated { email } => format!("email = '{email}' AND purpose IN ('activate', 'code')"),
            PortalEvent::PasswordChanged { email } => format!("email = '{email}' AND purpose = 'reset'"),
            PortalEvent::SecondFactorEnrolled { email } => format!("email = '{email}' AND purpose = 'enrol'"),
            PortalEvent::SecondFactorStopped { ticket } => format!("ticket_id = {} AND purpose = 'stop'", ticket.0),
            PortalEvent::SecondFactorRemoved { .. } | PortalEvent::Forgotten { .. } => return,
        };
        let mut tx = self.app.store.write().await.unwrap();
        let sql = format!("UPDATE link SET used_at = 1 WHERE used_at IS NULL AND {used}");
        sqlx::query(AssertSqlSafe(sql)).execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Every table that decisions leave something in, line by line.
    async fn rows(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for (table, columns, order) in [
            ("person", "id, email, name, language, bounce_score, suppressed, known", "id"),
            (
                "ticket",
                "id, subject, status, mailbox, queue, language, requester_id, COALESCE(assignee_id, 0), flooded, priority, written_to, COALESCE(closed_at, 0)",
                "id",
            ),
            ("participant", "ticket_id, person_id, role", "1, 2"),
            ("follow_up", "ticket_id, kind, due_at, detail", "1, 2"),
            ("form", "ticket_id, form, stage, email, data", "1"),
            ("link", "ticket_id, purpose, email, by_owner, used_at IS NOT NULL, expires_at", "1, 2, 3, 5, 6"),
            (
                "message",
                "id, ticket_id, direction, visibility, COALESCE(author_id, 0), message_id, COALESCE(ledger_id, 0), COALESCE(outbox_id, 0)",
                "id",
            ),
            ("event", "id, ticket_id, kind, COALESCE(by_id, 0), detail", "id"),
            ("outbox", "id, notice, ticket_id, person_id, recipient, message_id, return_path, state = 'failed'", "id"),
            ("ledger", "id, verdict, reason, sender_proof, COALESCE(ticket_id, 0)", "id"),
            ("directory_task", "id", "id"),
            ("reply_generation", "ticket_id, person_id, generation", "1, 2"),
        ] {
            let sql = format!("SELECT {columns} FROM {table} ORDER BY {order}");
            let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(self.app.store.reader()).await.unwrap();
            for row in rows {
                let cells: Vec<String> = (0..row.len()).map(|at| cell(&row, at)).collect();
                lines.push(format!("{table}: {}", cells.join(" | ")));
            }
        }
        lines
    }
}

fn cell(row: &sqlx::any::AnyRow, at: usize) -> String {
    row.try_get::<String, _>(at).unwrap_or_else(|_| row.get::<i64, _>(at).to_string())
}

/// The same lines of the tables in memory.
fn rows(model: &Model) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut add = |table: &str, cells: Vec<String>| lines.push(format!("{table}: {}", cells.join(" | ")));
    people(model, &mut add);
    going_on(model, &mut add);
    written(model, &mut add);
    for row in &model.ledger {
        let id = row.arrival.ledger.to_string();
        let none = || vec![id.clone(), String::new(), String::new(), String::new(), "0".to_owned()];
        add(
            "ledger",
            row.settled.as_ref().map_or_else(none, |settled| {
                let ticket = settled.ticket.map_or(0, |id| id.0).to_string();
                vec![
                    id.clone(),
                    settled.verdict.as_str().to_owned(),
                    settled.reason.clone(),
                    settled.proof.as_str().to_owned(),
                    ticket,
                ]
            }),
        );
    }
    for id in model.tasks.keys() {
        add("directory_task", vec![id.to_string()]);
    }
    for ((ticket, person), generation) in &model.generations {
        add("reply_generation", vec![ticket.0.to_string(), person.0.to_string(), generation.to_string()]);
    }
    lines
}

fn number(holds: bool) -> String {
    i64::from(holds).to_string()
}

/// People and tickets.
fn people(model: &Model, add: &mut impl FnMut(&str, Vec<String>)) {
    for person in model.people.values() {
        let language = person.language.map_or("", |language| language.code()).to_owned();
        let (score, suppressed) = (person.bounce_score.to_string(), number(person.suppressed));
        add(
            "person",
            vec![
                person.id.0.to_string(),
                person.email.clone(),
                person.name.clone(),
                language,
                score,
                suppressed,
                number(person.known),
            ],
        );
    }
    for (ticket, _) in model.tickets.values() {
        let closed = ticket.closed_at.map_or(0, Timestamp::as_microsecond).to_string();
        let (language, priority) = (ticket.language.code().to_owned(), ticket.priority.as_str().to_owned());
        let assignee = ticket.assignee.map_or(0, |id| id.0).to_string();
        add(
            "ticket",
            vec![
                ticket.id.0.to_string(),
                ticket.subject.clone(),
                ticket.status.as_str().to_owned(),
                ticket.mailbox.clone(),
                ticket.queue.clone(),
                language,
                ticket.requester.0.to_string(),
                assignee,
                ticket.flooded.to_string(),
                priority,
                ticket.written_to.clone(),
                closed,
            ],
        );
    }
}

/// Who takes part, what is due, forms and their links.
fn going_on(model: &Model, add: &mut impl FnMut(&str, Vec<String>)) {
    let mut participants: Vec<_> = model.participants.iter().map(|row| (row.1, row.2, row.3)).collect();
    participants.sort_by_key(|row| (row.0, row.1));
    for (ticket, person, role) in participants {
        add("participant", vec![ticket.0.to_string(), person.0.to_string(), role.as_str().to_owned()]);
    }
    let mut due: Vec<_> = model.follow_ups.iter().map(|(key, row)| (key.0, key.1.as_str(), row)).collect();
    due.sort_by_key(|row| (row.0, row.1));
    for (ticket, kind, row) in due {
        let at = row.follow_up.due_at.as_microsecond().to_string();
        add("follow_up", vec![ticket.0.to_string(), kind.to_owned(), at, row.follow_up.detail.clone()]);
    }
    for (id, state) in &model.forms {
        let (stage, data) = (state.stage.as_str().to_owned(), serde_json::to_string(&state.data).unwrap());
        add("form", vec![id.0.to_string(), state.form.clone(), stage, state.about.clone(), data]);
    }
    let mut links: Vec<_> = model.links.iter().collect();
    links.sort_by_key(|row| {
        (row.link.ticket, row.link.purpose.as_str(), row.link.email.clone(), row.used, row.link.expires_at)
    });
    for row in links {
        let link = &row.link;
        let (owner, used, at) = (number(link.by_owner), number(row.used), link.expires_at.as_microsecond().to_string());
        add(
            "link",
            vec![link.ticket.0.to_string(), link.purpose.as_str().to_owned(), link.email.clone(), owner, used, at],
        );
    }
}

/// What was said and done on tickets, and what went out.
fn written(model: &Model, add: &mut impl FnMut(&str, Vec<String>)) {
    let or_none = |id: Option<i64>| id.unwrap_or(0).to_string();
    for message in &model.messages {
        let direction: Direction = message.direction;
        let visibility = if message.public { "public" } else { "note" }.to_owned();
        add(
            "message",
            vec![
                message.id.to_string(),
                message.ticket.0.to_string(),
                direction.as_str().to_owned(),
                visibility,
                or_none(message.author.map(|id| id.0)),
                message.message_id.clone(),
                or_none(message.ledger),
                or_none(message.outbox),
            ],
        );
    }
    for event in &model.events {
        let by = or_none(event.by.map(|id| id.0));
        add(
            "event",
            vec![
                event.id.to_string(),
                event.ticket.0.to_string(),
                event.kind.as_str().to_owned(),
                by,
                event.detail.clone(),
            ],
        );
    }
    for row in &model.outbox {
        let post = &row.post;
        add(
            "outbox",
            vec![
                post.outbox.to_string(),
                post.letter.notice.as_str().to_owned(),
                post.ticket.0.to_string(),
                post.person.0.to_string(),
                post.recipient.email.clone(),
                post.letter.message_id.clone(),
                post.return_path.clone(),
                i64::from(row.sending == Sending::Failed).to_string(),
            ],
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_life_on_a_real_database_leaves_the_same_rows() {
    for seed in 0..4 {
        let real = Real::new().await;
        let mut compared = 0;
        let rules = (*real.app.process.act.rules).clone();
        let mut life = Life::new(&rules, seed, Taste { length: 0, plain: true }, false);
        for _ in 0..40 {
            let done = life.deeds.len();
            life.step().unwrap_or_else(|why| panic!("life {seed}: {why}"));
            for deed in &life.deeds[done..] {
                real.does(deed).await;
            }
            let (there, here) = (real.rows().await, rows(&life.model));
            compared = there.len();
            let other = there.iter().zip(&here).find(|(one, other)| one != other);
            assert!(
                other.is_none() && there.len() == here.len(),
                "life {seed}, after {:?}: {other:#?}",
                life.deeds[done..].iter().map(short).collect::<Vec<_>>()
            );
        }
        assert!(compared > 100, "life {seed}: only {compared} rows");
    }
}

fn short(deed: &Deed) -> String {
    match deed {
        Deed::Receive(mailbox, raw) => format!("a mail to {mailbox}: {}", String::from_utf8_lossy(raw)),
        other => format!("{other:?}"),
    }
}
