//! Snapshots of Redis and Valkey, as MemoryDB exports them: read far enough to count keys and to find the end.

mod header;
mod module;
mod stream;
mod string;
mod value;

use std::collections::BTreeMap;

use crate::{
    Refusal,
    content::{Checked, Content, RdbContent, RdbDatabase},
    source::Source,
};
use string::{Text, length, text};

/// Databases that are counted one by one; a server has 16 unless it is told otherwise.
const DATABASES: usize = 65_536;

const UPDATE: u8 = 242;
const SLOT_IMPORT: u8 = 243;
const SLOT_INFO: u8 = 244;
const FUNCTION: u8 = 245;
const OLD_FUNCTION: u8 = 246;
const MODULE_AUX: u8 = 247;
const IDLE: u8 = 248;
const FREQUENCY: u8 = 249;
const AUX: u8 = 250;
const RESIZE: u8 = 251;
const EXPIRES_MS: u8 = 252;
const EXPIRES: u8 = 253;
const SELECT: u8 = 254;
const END: u8 = 255;

/// Where the reader is.
#[derive(Default)]
struct State {
    database: u64,
    databases: BTreeMap<u64, RdbDatabase>,
    expires: bool,
    /// Something was said of a key that has not come yet.
    awaits_key: bool,
}

/// Reads a snapshot to its end, checksum and all.
pub(crate) async fn parse(source: Source) -> Result<Content, Refusal> {
    let mut source = source.with_sum();
    let (header, version) = header::read(&mut source).await?;
    let mut content = RdbContent {
        header,
        server: None,
        keys: 0,
        databases: Vec::new(),
        functions: 0,
        checksum: Checked::Absent,
    };
    let mut state = State::default();
    loop {
        let at = source.offset();
        let Some(opcode) = source.peek().await else {
            return Err(source.refuse("the stream ends before the end mark of the snapshot"));
        };
        source.byte("the snapshot").await?;
        if opcode == END {
            if state.awaits_key {
                return Err(source.refuse_at(at, "the end mark stands where a key belongs"));
            }
            break;
        }
        one(&mut source, &mut content, &mut state, version, (opcode, at)).await?;
    }
    content.databases = state.databases.into_values().collect();
    content.checksum = checksum(&mut source, version).await?;
    if source.peek().await.is_some() {
        return Err(source.refuse("something follows the end of the snapshot"));
    }
    Ok(Content::Rdb(content))
}

/// One entry: something about the snapshot, about the key that follows, or a key with its value.
async fn one(
    source: &mut Source,
    content: &mut RdbContent,
    state: &mut State,
    version: u32,
    (opcode, at): (u8, u64),
) -> Result<(), Refusal> {
    let inside = "an entry of the snapshot";
    match opcode {
        EXPIRES_MS | EXPIRES => {
            source
                .skip(if opcode == EXPIRES { 4 } else { 8 }, "an expiry")
                .await?;
            state.expires = true;
            state.awaits_key = true;
            return Ok(());
        }
        FREQUENCY => {
            source.skip(1, "an access frequency").await?;
            state.awaits_key = true;
            return Ok(());
        }
        IDLE => {
            length(source, "an idle time").await?;
            state.awaits_key = true;
            return Ok(());
        }
        _ => {}
    }
    let is_key = opcode < UPDATE;
    if state.awaits_key && !is_key {
        return Err(source.refuse_at(
            at,
            format!("the entry 0x{opcode:02x} stands where a key belongs"),
        ));
    }
    match opcode {
        SELECT => state.database = length(source, "the number of a database").await?,
        RESIZE => {
            length(source, inside).await?;
            length(source, inside).await?;
        }
        AUX => {
            let name = text(source, "a field about the snapshot").await?;
            let value = text(source, "a field about the snapshot").await?;
            about(content, &name, &value);
        }
        FUNCTION => {
            text(source, "a library of functions").await?;
            content.functions += 1;
        }
        MODULE_AUX => {
            for _ in 0..3 {
                length(source, "data of a module").await?;
            }
            module::data(source).await?;
        }
        SLOT_INFO => {
            for _ in 0..3 {
                length(source, "what is said of a slot").await?;
            }
        }
        SLOT_IMPORT if version >= 80 => {
            text(source, "what is said of an import of slots").await?;
            let ranges = length(source, "what is said of an import of slots").await?;
            for _ in 0..ranges {
                length(source, "a range of slots").await?;
                length(source, "a range of slots").await?;
            }
        }
        OLD_FUNCTION => {
            return Err(source.refuse_at(
                at,
                "the snapshot has functions as a release candidate of Redis 7.0 wrote them, which no release reads",
            ));
        }
        kind if is_key => {
            text(source, "the name of a key").await?;
            value::read(source, version, kind, at).await?;
            count(source, state)?;
            content.keys += 1;
        }
        other => {
            return Err(source.refuse_at(at, format!("the entry 0x{other:02x} is not known")));
        }
    }
    state.awaits_key = false;
    state.expires = false;
    Ok(())
}

fn count(source: &Source, state: &mut State) -> Result<(), Refusal> {
    if state.databases.len() >= DATABASES && !state.databases.contains_key(&state.database) {
        return Err(source.refuse(format!("there are more than {DATABASES} databases")));
    }
    let database = state.databases.entry(state.database).or_default();
    database.number = state.database;
    database.keys += 1;
    database.expiring += u64::from(state.expires);
    Ok(())
}

fn about(content: &mut RdbContent, name: &Text, value: &Text) {
    let product = match name.as_str() {
        Some("redis-ver") if content.server.is_none() => "Redis",
        Some("valkey-ver") => "Valkey",
        _ => return,
    };
    if let Some(version) = value.as_str() {
        content.server = Some(format!("{product} {version}"));
    }
}

/// The eight bytes at the end; zero where the server was told to make no sum.
async fn checksum(source: &mut Source, version: u32) -> Result<Checked, Refusal> {
    if version < header::FIRST_WITH_SUM {
        return Ok(Checked::Absent);
    }
    let made = source.sum();
    let at = source.offset();
    let kept = u64::from_le_bytes(source.array("the checksum").await?);
    match kept {
        0 => Ok(Checked::Absent),
        kept if kept == made => Ok(Checked::Right),
        kept => Err(source.refuse_at(
            at,
            format!(
                "the snapshot is damaged: its checksum is {made:016x}, and it says {kept:016x}"
            ),
        )),
    }
}
