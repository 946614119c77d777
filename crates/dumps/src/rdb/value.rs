use super::{
    module, stream,
    string::{length, text},
};
use crate::{Refusal, source::Source};

/// The first type that Redis and Valkey mean differently.
const FIRST_OF_VALKEY: u8 = 22;

/// The value of a key of this type, whose entry began at `at`.
pub(super) async fn read(
    source: &mut Source,
    version: u32,
    kind: u8,
    at: u64,
) -> Result<(), Refusal> {
    match kind {
        // A text, or a collection in one.
        0 | 9..=13 | 16 | 17 | 20 => {
            text(source, "a value").await?;
        }
        // Lists and sets.
        1 | 2 | 14 => texts(source, 1, "a list or a set").await?,
        3 => {
            let members = length(source, "a sorted set").await?;
            for _ in 0..members {
                text(source, "a sorted set").await?;
                score(source).await?;
            }
        }
        // A hash.
        4 => texts(source, 2, "a hash").await?,
        5 => {
            let members = length(source, "a sorted set").await?;
            for _ in 0..members {
                text(source, "a sorted set").await?;
                source.skip(8, "a sorted set").await?;
            }
        }
        7 => {
            length(source, "a value of a module").await?;
            module::data(source).await?;
        }
        15 | 19 | 21 => stream::read(source, kind).await?,
        18 => {
            let nodes = length(source, "a list").await?;
            for _ in 0..nodes {
                let at = source.offset();
                let container = length(source, "a list").await?;
                if !(1..=2).contains(&container) {
                    let what = format!("{container} is no kind of a list's part");
                    return Err(source.refuse_at(at, what));
                }
                text(source, "a list").await?;
            }
        }
        FIRST_OF_VALKEY if version >= 80 => {
            let fields = length(source, "a hash").await?;
            for _ in 0..fields {
                text(source, "a hash").await?;
                text(source, "a hash").await?;
                source.skip(8, "the expiry of a hash's field").await?;
            }
        }
        kind => {
            return Err(source.refuse_at(at, format!("{kind} is no type of a value that is known")));
        }
    }
    Ok(())
}

/// Elements of so many texts each.
async fn texts(source: &mut Source, each: u64, inside: &str) -> Result<(), Refusal> {
    let elements = length(source, inside).await?;
    for _ in 0..elements {
        for _ in 0..each {
            text(source, inside).await?;
        }
    }
    Ok(())
}

/// A score as text; three lengths stand for what is no number, and for infinity.
async fn score(source: &mut Source) -> Result<(), Refusal> {
    match source.byte("a score").await? {
        253..=255 => Ok(()),
        length => source.skip(u64::from(length), "a score").await,
    }
}
