//! Both databases have the same tables: columns, types, defaults, keys, indexes and checks, each said in one way.

use std::collections::{BTreeMap, BTreeSet};

use caseway::store::Store;
use regex::Regex;
use sqlx::{AssertSqlSafe, Row, SqlitePool};

use crate::harness::servers::Postgres;

/// What is said of each table.
type Catalogue = BTreeMap<String, BTreeSet<String>>;

#[tokio::test]
async fn both_databases_have_the_same_tables() {
    let dir = tempfile::TempDir::new().unwrap();
    let url = format!("sqlite://{}", dir.path().join("caseway.db").display());
    Store::open(&url).await.unwrap().close().await;
    let ours = sqlite(&url).await;
    let server = Postgres::start();
    let url = server.database("catalogue");
    Store::open(&url).await.unwrap().close().await;
    let theirs = postgres(&server, &url);
    assert!(ours.len() > 25 && ours.values().map(BTreeSet::len).sum::<usize>() > 300, "{ours:#?}");
    let names = |catalogue: &Catalogue| catalogue.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&ours), names(&theirs));
    let mut differ = Vec::new();
    for (table, said) in &ours {
        let (here, there): (Vec<_>, Vec<_>) =
            (said.difference(&theirs[table]).collect(), theirs[table].difference(said).collect());
        if !here.is_empty() || !there.is_empty() {
            differ.push(format!("{table}: SQLite alone has {here:#?}, PostgreSQL alone {there:#?}"));
        }
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}

/// The same version has the same number.
#[test]
fn every_migration_has_a_twin() {
    let files = |folder: &str| -> BTreeSet<String> {
        let entries = std::fs::read_dir(format!("migrations/{folder}")).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    };
    assert_eq!(files("sqlite"), files("postgres"));
}

async fn sqlite(url: &str) -> Catalogue {
    let pool = SqlitePool::connect(url).await.unwrap();
    let sql = "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name <> '_sqlx_migrations'
         AND sql NOT LIKE 'CREATE VIRTUAL%' AND name NOT LIKE 'search\\_%' ESCAPE '\\'";
    let mut catalogue = Catalogue::new();
    for row in sqlx::query(sql).fetch_all(&pool).await.unwrap() {
        let (table, text): (String, String) = (row.get("name"), row.get("sql"));
        let mut said = checks(&text);
        let sql =
            format!("SELECT name, type, \"notnull\", dflt_value, pk FROM pragma_table_info('{table}') ORDER BY pk");
        let mut key = Vec::new();
        for column in sqlx::query(AssertSqlSafe(sql)).fetch_all(&pool).await.unwrap() {
            let name: String = column.get("name");
            let is_needed = column.get::<i64, _>("notnull") != 0;
            said.insert(described(&name, &column.get::<String, _>("type"), is_needed, column.get("dflt_value")));
            if column.get::<i64, _>("pk") > 0 {
                key.push(name);
            }
        }
        said.extend((!key.is_empty()).then(|| format!("PRIMARY KEY ({})", key.join(", "))));
        let sql = format!("SELECT \"from\", \"table\", \"to\" FROM pragma_foreign_key_list('{table}')");
        for it in sqlx::query(AssertSqlSafe(sql)).fetch_all(&pool).await.unwrap() {
            let (from, to): (String, String) = (it.get("from"), it.get("to"));
            said.insert(format!("FOREIGN KEY ({from}) REFERENCES {}({to})", it.get::<String, _>("table")));
        }
        let sql = format!("SELECT name FROM pragma_index_list('{table}') WHERE origin = 'u'");
        for it in sqlx::query(AssertSqlSafe(sql)).fetch_all(&pool).await.unwrap() {
            let sql = format!("SELECT name FROM pragma_index_info('{}') ORDER BY seqno", it.get::<String, _>("name"));
            let columns = sqlx::query(AssertSqlSafe(sql)).fetch_all(&pool).await.unwrap();
            let columns: Vec<String> = columns.iter().map(|column| column.get("name")).collect();
            said.insert(format!("UNIQUE ({})", columns.join(", ")));
        }
        let sql =
            format!("SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = '{table}' AND sql IS NOT NULL");
        for it in sqlx::query(AssertSqlSafe(sql)).fetch_all(&pool).await.unwrap() {
            said.insert(plain(&it.get::<String, _>("sql")));
        }
        catalogue.insert(table, said);
    }
    pool.close().await;
    catalogue
}

fn postgres(server: &Postgres, url: &str) -> Catalogue {
    let rows = |sql: &str| -> Vec<(String, String)> {
        let told = server.psql_at(url, sql);
        told.lines().map(|line| line.split_once('\t').unwrap()).map(|(a, b)| (a.to_owned(), b.to_owned())).collect()
    };
    let mut catalogue = Catalogue::new();
    let columns = "SELECT table_name, concat_ws('|', column_name, data_type, is_nullable, COALESCE(collation_name, ''), column_default)
         FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT IN ('_sqlx_migrations', 'search')";
    for (table, column) in rows(columns) {
        let parts: Vec<&str> = column.split('|').collect();
        assert_eq!(parts[3], if parts[1] == "text" { "C" } else { "" }, "{table}: {column}");
        let default = parts.get(4).map(|default| (*default).to_owned());
        catalogue.entry(table).or_default().insert(described(parts[0], parts[1], parts[2] == "NO", default));
    }
    let keys = "SELECT conrelid::regclass, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
         AND conrelid::regclass::text NOT IN ('_sqlx_migrations', 'search')";
    for (table, key) in rows(keys) {
        let said = if key.starts_with("CHECK") { plain(&key) } else { key };
        catalogue.get_mut(&table).unwrap().insert(said);
    }
    let indexes = "SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename NOT IN ('_sqlx_migrations', 'search')
         AND indexname NOT LIKE '%\\_pkey' AND indexname NOT LIKE '%\\_key'";
    for (table, index) in rows(indexes) {
        catalogue.get_mut(&table).unwrap().insert(plain(&index));
    }
    catalogue
}

fn described(name: &str, kind: &str, is_needed: bool, default: Option<String>) -> String {
    let kind = match kind.to_ascii_lowercase().as_str() {
        "integer" | "bigint" => "number",
        "blob" | "bytea" => "octets",
        "text" => "text",
        other => panic!("{name} has the type {other}"),
    };
    let default = default.unwrap_or_default().replace("X''", "''").replace("'\\x'", "''");
    let default = default.split("::").next().unwrap_or_default();
    format!("{name} {kind}{} {default}", if is_needed { " needed" } else { "" })
}

/// What the columns of a table check, as its statement has it.
fn checks(text: &str) -> BTreeSet<String> {
    let check = Regex::new(r"CHECK \((\w+ IN \([^)]*\))\)").unwrap();
    check.captures_iter(text).map(|found| plain(&format!("CHECK ({})", &found[1]))).collect()
}

/// An index or a check without what only one database writes.
fn plain(text: &str) -> String {
    let text = text.replace("public.", "").replace("USING btree ", "").replace("::text", "").replace("::bigint", "");
    let text = Regex::new(r"= ANY \(+ARRAY\[([^\]]*)\]\)+").unwrap().replace_all(&text, "IN $1").into_owned();
    let bare: String = text.chars().map(|c| if matches!(c, '(' | ')' | ',') { ' ' } else { c }).collect();
    bare.split_whitespace().collect::<Vec<_>>().join(" ")
}
