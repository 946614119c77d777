use std::collections::BTreeMap;

use tidemark_domain::timeline::{EventKind, Look, Mark, MarkKind, Only};
use tidemark_services::error::StoreError;

use super::{super::apply::Axis, counts::Counted};
use crate::{
    convert::{optional, time},
    db::corrupt,
};

/// The marks of one lane under construction: by column, then by kind.
#[derive(Default)]
pub(super) struct Marks(BTreeMap<(i64, MarkKind), Growing>);

#[derive(Default)]
struct Growing {
    last: i64,
    count: u32,
    looks: Vec<(Look, u32)>,
    only: Option<Only>,
}

impl Marks {
    pub(super) fn add(&mut self, axis: Axis, row: Counted) -> Result<(), StoreError> {
        let code = u16::try_from(row.look).map_err(corrupt)?;
        let look = (axis != Axis::Events).then(|| Look::from_code(code));
        let kind = match (axis, look) {
            (Axis::Cold, _) => MarkKind::GoesCold,
            (Axis::Gone, _) => MarkKind::Expires,
            (Axis::Made, Some(look)) if look.copy => MarkKind::Copy,
            (Axis::Made, _) => MarkKind::Point,
            (Axis::Events, _) => EventKind::from_code(code)
                .ok_or_else(|| corrupt("an unknown kind of event"))?
                .into(),
        };
        let number = u32::try_from(row.number).unwrap_or(u32::MAX);
        let mark = self.0.entry((row.column_at, kind)).or_default();
        mark.last = mark.last.max(row.last);
        mark.count = mark.count.saturating_add(number);
        if let Some(look) = look {
            mark.looks.push((look, number));
        }
        mark.only = match row.reference {
            Some(key) if mark.count == 1 => Some(Only {
                key,
                vault: row.vault,
                copied_from: optional(row.copied_from)?,
                note: row.message,
            }),
            _ => None,
        };
        Ok(())
    }

    pub(super) fn read(self) -> Result<Vec<Mark>, StoreError> {
        self.0
            .into_iter()
            .map(|((_, kind), mut mark)| {
                mark.looks.sort_unstable();
                Ok(Mark {
                    at: time(mark.last)?,
                    kind,
                    count: mark.count,
                    looks: mark.looks,
                    only: mark.only,
                })
            })
            .collect()
    }
}
