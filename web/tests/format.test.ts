import { describe, expect, it } from "vitest";
import { formatDate, formatNumber, formatQuantity, formatRecent, formatWhen } from "../src/ui/format";
import { humanUnit } from "../src/ui/units";
import { plain } from "../src/ui/words";

describe("units", () => {
  it.each([
    ["mm[Hg]", "mmHg"],
    ["mg/dL", "mg/dL"],
    ["/min", "per minute"],
    ["{beats}/min", "beats per minute"],
    ["Cel", "°C"],
    ["[degF]", "°F"],
    ["kg/m2", "kg/m²"],
    ["10*3/uL", "×10³/µL"],
    ["10*12/L", "×10¹²/L"],
    ["umol/L", "µmol/L"],
    ["ug/mL", "µg/mL"],
    ["u[IU]/mL", "µIU/mL"],
    ["mL/min/{1.73_m2}", "mL/min/1.73 m²"],
    ["[lb_av]", "lb"],
    ["[IU]/L", "IU/L"],
    ["%{HemoglobinA1C}", "%"],
    ["1", ""],
    ["{score}", ""],
    ["mmol/L", "mmol/L"],
    ["furlong", "furlong"],
    ["", ""],
    [null, ""],
  ])("%s is shown as %s", (ucum, human) => expect(humanUnit(ucum)).toBe(human));
});

describe("quantities", () => {
  it("are rounded for reading and carry their unit", () => {
    expect(formatQuantity(128, "mm[Hg]", "en-GB")).toBe("128\u00A0mmHg");
    expect(formatQuantity(98, "%", "en-GB")).toBe("98%");
    expect(formatQuantity(72, "/min", "en-GB")).toBe("72\u00A0per minute");
    expect(formatQuantity(5.123456, null, "en-GB")).toBe("5.12");
    expect(formatQuantity(37.2, "Cel", "de-DE")).toBe("37,2\u00A0°C");
  });
  it("keep small numbers apart from zero", () => expect(formatNumber(0.012, "en-GB")).toBe("0.012"));
});

describe("dates", () => {
  it("without a time are the same day everywhere", () => {
    expect(formatDate("2024-05-03", "en-GB")).toBe("3 May 2024");
    expect(formatDate("2024-05-03T00:00:00Z", "en-GB")).toBe("3 May 2024");
    expect(formatWhen("2024-05-03T00:00:00+00:00", "en-GB")).toBe("3 May 2024");
  });
  it("are as exact as they were recorded", () => {
    expect(formatDate("2024", "en-GB")).toBe("2024");
    expect(formatDate("2024-05", "en-GB")).toBe("May 2024");
    expect(formatDate(null)).toBe("");
    expect(formatDate("soon")).toBe("soon");
  });
  it("that are near are said in words", () => {
    const now = new Date(2026, 4, 10, 9);
    expect(formatRecent(new Date(2026, 4, 10, 1).toISOString(), now, "en")).toBe("today");
    expect(formatRecent(new Date(2026, 4, 9, 23).toISOString(), now, "en")).toBe("yesterday");
    expect(formatRecent(new Date(2025, 4, 9).toISOString(), now, "en-GB")).toBe("9 May 2025");
  });
});

describe("terms", () => {
  it.each([
    ["heart_rate", "Heart rate"],
    ["MedicationRequest", "Medication request"],
    ["LDL cholesterol", "LDL cholesterol"],
    ["entered-in-error", "Entered in error"],
  ])("%s reads %s", (term, words) => expect(plain(term)).toBe(words));
});
