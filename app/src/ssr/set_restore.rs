//! What the page that restores a set has in its address.

use std::collections::BTreeMap;

use jiff::Timestamp;
use tidemark_domain::{
    Arn, Invalid,
    sets::{MemberWish, SetRestoreRequest},
};

use crate::{pages::sets::MEMBER, query::pairs};

/// What is asked for: a combination of a time, or what was chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wish {
    pub(crate) name: String,
    pub(crate) at: Option<Timestamp>,
    /// Which combination of that time, from 0.
    pub(crate) place: usize,
    /// Once something was chosen.
    pub(crate) chosen: Option<SetRestoreRequest>,
}

/// Reads the query string.
pub(crate) fn read(query: &str) -> Result<Wish, Invalid> {
    let mut wish = Wish::default();
    let mut request = SetRestoreRequest::default();
    let mut members: BTreeMap<String, MemberWish> = BTreeMap::new();
    let mut order = Vec::new();
    for (name, value) in pairs(query) {
        let value = value.trim();
        match name.as_str() {
            "name" => value.clone_into(&mut wish.name),
            "at" if !value.is_empty() => wish.at = Some(moment("at", value)?),
            "place" if !value.is_empty() => {
                let rule = "must be a number from 0";
                wish.place = value.parse().map_err(|_| Invalid::new("place", rule))?;
            }
            "switch" => request.switch = !value.is_empty(),
            "allow_empty" => request.allow_empty = !value.is_empty(),
            other => {
                let field = other.strip_prefix(MEMBER);
                let Some((member, field)) = field.and_then(|rest| rest.rsplit_once('.')) else {
                    continue;
                };
                let one = members.entry(member.to_owned()).or_insert_with(|| {
                    order.push(member.to_owned());
                    MemberWish {
                        member: member.to_owned(),
                        at: Timestamp::UNIX_EPOCH,
                        point: None,
                        target: None,
                        leave_out: false,
                    }
                });
                match field {
                    "at" => one.at = moment(&format!("moment of {member}"), value)?,
                    "point" if !value.is_empty() => {
                        let point = Arn::parse(value);
                        let in_field =
                            |error: Invalid| error.in_field(format!("point of {member}"));
                        one.point = Some(point.map_err(in_field)?);
                    }
                    "target" if !value.is_empty() => one.target = Some(value.to_owned()),
                    "leave_out" => one.leave_out = !value.is_empty(),
                    _ => {}
                }
            }
        }
    }
    if !order.is_empty() {
        request.name.clone_from(&wish.name);
        request.members = order
            .iter()
            .filter_map(|name| members.remove(name))
            .collect();
        wish.chosen = Some(request);
    }
    Ok(wish)
}

fn moment(field: &str, text: &str) -> Result<Timestamp, Invalid> {
    let rule = "must be a time such as 2026-11-30T12:00:00Z";
    text.parse().map_err(|_| Invalid::new(field, rule))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn a_time_alone_asks_for_its_first_combination() {
        let wish = read("name=shop&at=2026-11-30T12:00:00Z").unwrap();
        assert_eq!((wish.name.as_str(), wish.place), ("shop", 0));
        assert!(wish.at.is_some() && wish.chosen.is_none());
        assert!(read("name=shop&at=noon").is_err());
        assert!(read("name=shop&place=-1").is_err());
    }

    #[test]
    fn what_was_chosen_is_read_member_by_member() {
        let wish = read(
            "name=shop&switch=1&m.orders.at=2026-11-30T12:00:00Z&m.orders.target=back&m.parts.at=2026-11-30T11:00:00Z\
             &m.parts.point=arn%3Aaws%3Abackup%3Aeu-west-1%3A111122223333%3Arecovery-point%3Ap&m.parts.leave_out=1",
        )
        .unwrap();
        let request = wish.chosen.unwrap();
        assert!(request.switch && !request.allow_empty);
        assert_eq!(request.members.len(), 2);
        assert_eq!(request.members[0].target.as_deref(), Some("back"));
        assert!(request.members[0].point.is_none() && request.members[1].point.is_some());
        assert!(request.members[1].leave_out);
    }
}
