//! Days of the calendar, without a time and without a zone.

use std::fmt;
use std::str::FromStr;
use std::time::{SystemTime, UNIX_EPOCH};

/// A day of the Gregorian calendar, in the years 0 to 9999. An earlier day is less than a later one.
///
/// ```
/// use bedrock_models::catalog::Date;
///
/// let released: Date = "2024-03-13".parse()?;
/// assert_eq!(released, Date::new(2024, 3, 13));
/// assert!(released < Date::new(2024, 10, 1));
/// assert_eq!(released.to_string(), "2024-03-13");
/// # Ok::<(), bedrock_models::catalog::DateError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    // The order of the fields is the order of days.
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// A day that is known when the code is written.
    ///
    /// # Panics
    ///
    /// Where there is no such day: an error while compiling where it stands in a `const`. Text that is known only at
    /// run time is parsed instead.
    pub const fn new(year: u16, month: u8, day: u8) -> Self {
        match Self::checked(year, month, day) {
            Some(date) => date,
            None => panic!("the calendar has no such day"),
        }
    }

    /// The day, or `None` where there is no such day.
    pub const fn checked(year: u16, month: u8, day: u8) -> Option<Self> {
        let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let days = match month {
            2 if leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        if year <= 9999 && day >= 1 && day <= days { Some(Self { year, month, day }) } else { None }
    }

    /// The day of a moment, in UTC: `Date::of(SystemTime::now())` is today. A moment outside the years 0 to 9999
    /// counts as the first or the last day of them.
    pub fn of(moment: SystemTime) -> Self {
        const DAY: u64 = 86_400;
        let days = match moment.duration_since(UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_secs() / DAY).unwrap_or(i64::MAX),
            Err(before) => {
                let before = before.duration();
                let seconds = before.as_secs().saturating_add(u64::from(before.subsec_nanos() > 0));
                i64::try_from(seconds.div_ceil(DAY)).map_or(i64::MIN, |days| -days)
            }
        };
        Self::of_unix_day(days)
    }

    /// Howard Hinnant's `civil_from_days`: years begin in March there, so that a leap day is the last of its year.
    fn of_unix_day(days: i64) -> Self {
        const FIRST: i64 = -719_528; // 0000-01-01
        const LAST: i64 = 2_932_896; // 9999-12-31
        let days = days.clamp(FIRST, LAST) + 719_468;
        let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        // The clamp above keeps all three in range.
        Self { year: year as u16, month: month as u8, day: day as u8 }
    }

    /// The year, 0 to 9999.
    pub const fn year(self) -> u16 {
        self.year
    }

    /// The month, 1 to 12.
    pub const fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, from 1.
    pub const fn day(self) -> u8 {
        self.day
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{:04}-{:02}-{:02}", self.year, self.month, self.day))
    }
}

/// Text that is not a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateError(String);

impl fmt::Display for DateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is not a day: write year, month and day as in \"2024-03-13\"", self.0)
    }
}

impl std::error::Error for DateError {}

impl FromStr for Date {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = |digits: &str, length| {
            let plain = digits.len() == length && digits.bytes().all(|byte| byte.is_ascii_digit());
            plain.then(|| digits.parse::<u16>().ok()).flatten()
        };
        let parse = || {
            let (year, rest) = text.split_once('-')?;
            let (month, day) = rest.split_once('-')?;
            let (month, day) = (u8::try_from(number(month, 2)?).ok()?, u8::try_from(number(day, 2)?).ok()?);
            Self::checked(number(year, 4)?, month, day)
        };
        parse().ok_or_else(|| DateError(text.chars().take(40).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn days_that_are_none_are_refused() {
        for text in [
            "2023-02-29",
            "1900-02-29",
            "2024-13-01",
            "2024-00-10",
            "2024-04-31",
            "2024-01-00",
            "24-04-01",
            "2024-4-1",
            "2024-04-01T00",
            "+024-04-01",
            "2024-04",
            "",
            "2024/04/01",
        ] {
            assert!(text.parse::<Date>().is_err(), "{text}");
        }
        assert_eq!(Date::checked(10_000, 1, 1), None);
        let error = "tomorrow".parse::<Date>().unwrap_err().to_string();
        assert_eq!(error, r#""tomorrow" is not a day: write year, month and day as in "2024-03-13""#);
    }

    #[test]
    fn every_day_of_the_calendar_follows_the_one_before() {
        let (mut day, mut count) = (Date::new(0, 1, 1), -719_528);
        loop {
            assert_eq!(Date::of_unix_day(count), day);
            let Date { year, month, day: number } = day;
            let following = Date::checked(year, month, number + 1)
                .or_else(|| Date::checked(year, month + 1, 1))
                .or_else(|| Date::checked(year + 1, 1, 1));
            let Some(following) = following else { break };
            assert!(day < following);
            (day, count) = (following, count + 1);
        }
        assert_eq!(day, Date::new(9999, 12, 31));
    }

    #[test]
    fn text_comes_back() {
        for date in [Date::new(0, 1, 1), Date::new(2024, 2, 29), Date::new(9999, 12, 31)] {
            assert_eq!(date.to_string().parse(), Ok(date));
        }
        assert_eq!(format!("[{:>12}]", Date::new(2024, 2, 29)), "[  2024-02-29]");
    }

    #[test]
    fn moments_fall_on_days() {
        let day = |seconds: i64| {
            let distance = Duration::from_secs(seconds.unsigned_abs());
            Date::of(if seconds < 0 { UNIX_EPOCH - distance } else { UNIX_EPOCH + distance })
        };
        assert_eq!(day(0), Date::new(1970, 1, 1));
        assert_eq!(day(86_399), Date::new(1970, 1, 1));
        assert_eq!(day(-1), Date::new(1969, 12, 31));
        assert_eq!(day(-86_400), Date::new(1969, 12, 31));
        assert_eq!(day(1_709_164_800), Date::new(2024, 2, 29));
        assert_eq!(day(1 << 40), Date::new(9999, 12, 31));
        assert_eq!(Date::of(UNIX_EPOCH - Duration::from_nanos(1)), Date::new(1969, 12, 31));
    }
}
