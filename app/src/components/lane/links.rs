//! Where the marks of a lane lead.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tidemark_domain::{
    Arn, ResourceRow, ResourceType,
    timeline::{Band, BandKind, Lane, MarkKind},
};

use super::Spot;
use crate::{
    query::link,
    server_fns::{records::capture_href, timeline::Range},
    wizard::{Step, Wizard},
};

/// Where marks, seconds and stretches of time lead from one page.
#[derive(Clone)]
pub(crate) struct Links {
    /// Whoever looks may restore.
    pub(crate) restores: bool,
    /// The page with another stretch of time.
    pub(crate) page: Arc<dyn Fn(&Range) -> String + Send + Sync>,
}

impl Links {
    /// One point starts its restore, several come apart, what is no point leads to what is known of it.
    pub(crate) fn of(&self, spot: &Spot<'_>, lane: &Lane, resource: &ResourceRow) -> String {
        let place = |anchor: &str| {
            let page = link("/resources/view", "arn", resource.arn.as_str());
            format!("{page}#{anchor}")
        };
        if spot.count() > 1 {
            return self
                .closer(spot.at, lane)
                .unwrap_or_else(|| place("points-title"));
        }
        let anchor = match spot.kind() {
            MarkKind::Failed | MarkKind::Missed | MarkKind::CopyFailed => "jobs-title",
            _ => "points-title",
        };
        let wizard = spot
            .one()
            .filter(|mark| mark.kind.is_point() && self.restores)
            .and_then(|mark| wizard(resource, mark.only.as_ref()?));
        wizard.map_or_else(|| place(anchor), |wizard| wizard.href())
    }

    /// The stretch around a column, until columns are seconds.
    fn closer(&self, at: Timestamp, lane: &Lane) -> Option<String> {
        if lane.step <= 1000 {
            return None;
        }
        let around = SignedDuration::from_millis(lane.step.saturating_mul(2))
            .max(SignedDuration::from_secs(20));
        let range = Range::between(at.checked_sub(around).ok()?, at.checked_add(around).ok()?);
        Some((self.page)(&range))
    }

    /// The wizard for a second of a band; none where nothing can be restored by the second.
    pub(crate) fn second(
        &self,
        resource: &ResourceRow,
        band: &Band,
        at: Timestamp,
    ) -> Option<String> {
        if !self.restores || !(band.from..=band.until).contains(&at) {
            return None;
        }
        let of = |arn: &Arn| Wizard::of(arn);
        match (band.kind, &band.point) {
            (BandKind::PointInTime, _) if resource.resource_type == ResourceType::DynamoDb => {
                Some(of(&resource.arn).from_second(at).at(Step::Where).href())
            }
            (BandKind::Continuous, Some((point, vault))) => {
                let mut wizard = of(&resource.arn);
                wizard.point = point.to_string();
                wizard.vault.clone_from(vault);
                Some(wizard.at(Step::Where).href())
            }
            (BandKind::Gap, _) => {
                let page = capture_href(band.capture.as_deref()?);
                Some(format!("{page}#gaps-title"))
            }
            (BandKind::Records, _) => {
                let capture = band.capture.as_deref()?;
                let wizard = of(&resource.arn).from_records(capture, at);
                Some(wizard.at(Step::Where).href())
            }
            _ => None,
        }
    }
}

/// The wizard for a point. Snapshots that another service made are restored there, but for those of
/// DynamoDB.
fn wizard(resource: &ResourceRow, only: &tidemark_domain::timeline::Only) -> Option<Wizard> {
    let known = only.vault.is_some() || resource.resource_type == ResourceType::DynamoDb;
    if !known {
        return None;
    }
    let mut wizard = Wizard::of(&resource.arn);
    wizard.point.clone_from(&only.key);
    wizard.vault = only.vault.clone().unwrap_or_default();
    Some(wizard)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use tidemark_domain::{
        PointSource, Tier,
        timeline::{Look, Mark, Only, State},
    };

    use super::*;
    use crate::components::lane::spots;

    fn resource() -> ResourceRow {
        ResourceRow {
            arn: Arn::parse("arn:aws:dynamodb:eu-west-1:111111111111:table/orders").unwrap(),
            resource_type: ResourceType::DynamoDb,
            account: "111111111111".parse().unwrap(),
            alias: "orders-prod".into(),
            region: "eu-west-1".parse().unwrap(),
            name: "orders".into(),
            owner: None,
            size_bytes: None,
            points: 1,
            newest_point: None,
            pitr: None,
            failing: false,
            deleted: false,
        }
    }

    fn lane(kind: MarkKind, count: u32) -> Lane {
        Lane {
            resource: resource().arn,
            from: "2026-11-20T00:00:00Z".parse().unwrap(),
            until: "2026-11-22T00:00:00Z".parse().unwrap(),
            step: 3_600_000,
            marks: vec![Mark {
                at: "2026-11-21T03:18:43Z".parse().unwrap(),
                kind,
                count,
                looks: vec![(
                    Look {
                        source: PointSource::AwsBackup,
                        tier: Tier::Warm,
                        state: State::Complete,
                        locked: false,
                        copy: false,
                    },
                    count,
                )],
                only: (count == 1).then(|| Only {
                    key: "arn:aws:backup:eu-west-1:111111111111:recovery-point:p".into(),
                    vault: Some("daily".into()),
                    ..Only::default()
                }),
            }],
            bands: vec![],
            planned_until: None,
        }
    }

    fn href(kind: MarkKind, count: u32, restores: bool) -> String {
        let links = Links {
            restores,
            page: Arc::new(|range| {
                let mut query = crate::query::Query::default();
                range.push_to(&mut query);
                query.on("/timeline")
            }),
        };
        let lane = lane(kind, count);
        links.of(&spots(&lane)[0], &lane, &resource())
    }

    #[test]
    fn one_point_starts_its_restore_with_its_vault() {
        let address = href(MarkKind::Point, 1, true);
        let wizard = Wizard::parse(address.split_once('?').unwrap().1);
        assert_eq!(wizard.vault, "daily");
        assert_eq!(
            wizard.stage().0,
            Step::Where,
            "nothing about the source is asked again"
        );
    }

    #[test]
    fn several_points_come_apart_and_failures_lead_to_their_jobs() {
        assert_eq!(
            href(MarkKind::Point, 5, true),
            "/timeline?from=2026-11-21T01%3A18%3A43Z&until=2026-11-21T05%3A18%3A43Z"
        );
        assert!(href(MarkKind::Failed, 1, true).ends_with("#jobs-title"));
        assert!(href(MarkKind::Point, 1, false).ends_with("#points-title"));
    }
}
