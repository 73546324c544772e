// Has the browser keep the page for when the server is away. Browsers allow that on https and on this computer only; elsewhere nothing is
// promised and nothing is done.
export function keepPage(): void {
  if (!import.meta.env.PROD || !isSecureContext || !('serviceWorker' in navigator)) return;
  const register = (): void => void navigator.serviceWorker.register('/service_worker.js', { updateViaCache: 'none' }).catch(() => {});
  // After the page has loaded: what it is made of must not be fetched twice at once.
  if (document.readyState === 'complete') register();
  else addEventListener('load', register, { once: true });
}
