import { type ReactNode, useState } from "react";
import type { Medicine } from "../api/medications";
import { useMayWrite } from "../providers/rights";
import { Button } from "../ui/button";
import { Icon } from "../ui/icons";
import { Empty } from "../ui/notice";
import { AddMedicine } from "./add";
import { MedicineCard } from "./card";
import { isOver } from "./words";

/** What is taken now, each with its card, then what was taken, folded. */
export function MedicineList({ medicines, onChanged }: { medicines: Medicine[]; onChanged: () => void }): ReactNode {
  const mayWrite = useMayWrite();
  const [adding, setAdding] = useState(false);
  const now = medicines.filter(({ state }) => !isOver(state));
  const over = medicines.filter(({ state }) => isOver(state));
  return (
    <div className="space-y-4">
      {mayWrite && (
        <Button look="primary" onClick={() => setAdding(true)}>
          <Icon name="plus" size={18} />
          Add a medicine
        </Button>
      )}
      {now.length === 0 && <Empty title="No medicines are told of">{over.length > 0 ? "Nothing is taken now, as far as the record says." : "That does not mean that none are taken."}</Empty>}
      {now.length > 0 && <Cards label="What is taken now" medicines={now} onChanged={onChanged} />}
      {over.length > 0 && (
        <details className="group/past" data-testid="past-medicines">
          <summary className="inline-flex min-h-11 items-center gap-1.5 font-medium text-muted hover:text-ink">
            <span className="transition-transform group-open/past:rotate-90">
              <Icon name="chevron" size={16} />
            </span>
            What was taken before ({over.length})
          </summary>
          <div className="mt-2">
            <Cards label="What was taken before" medicines={over} onChanged={onChanged} />
          </div>
        </details>
      )}
      {adding && <AddMedicine onClose={() => setAdding(false)} onChanged={onChanged} />}
    </div>
  );
}

const Cards = ({ label, medicines, onChanged }: { label: string; medicines: Medicine[]; onChanged: () => void }): ReactNode => (
  <ul aria-label={label} className="space-y-4">
    {medicines.map((medicine) => (
      <MedicineCard key={medicine.id} medicine={medicine} onChanged={onChanged} />
    ))}
  </ul>
);
