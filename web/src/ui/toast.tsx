import { Toast } from "radix-ui";
import { type ReactNode, createContext, useCallback, useContext, useState } from "react";

const ToastContext = createContext<(text: string) => void>(() => undefined);

/** Says briefly that something was done; read out politely. */
export const useToast = (): ((text: string) => void) => useContext(ToastContext);

export function Toasts({ children }: { children: ReactNode }): ReactNode {
  const [toasts, setToasts] = useState<{ id: number; text: string }[]>([]);
  const show = useCallback((text: string) => setToasts((all) => [...all, { id: Date.now() + Math.random(), text }]), []);
  const drop = (id: number): void => setToasts((all) => all.filter((toast) => toast.id !== id));
  return (
    <ToastContext value={show}>
      <Toast.Provider duration={5000} label="Message">
        {children}
        {toasts.map(({ id, text }) => (
          <Toast.Root
            key={id}
            type="background"
            onOpenChange={(open) => !open && drop(id)}
            className="rise rounded-full bg-ink px-5 py-3 text-paper shadow-lg"
          >
            <Toast.Title>{text}</Toast.Title>
          </Toast.Root>
        ))}
        <Toast.Viewport className="fixed bottom-24 left-1/2 z-[60] flex w-max max-w-[calc(100vw-2rem)] -translate-x-1/2 flex-col gap-2 wide:bottom-8" />
      </Toast.Provider>
    </ToastContext>
  );
}
