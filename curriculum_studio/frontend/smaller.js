// Hides how a photograph is made small on the device that has it: pages open fast, and what a phone takes need not be sent whole.
const MOST = 2 * 1024 * 1024;
const SIDE = 2000;
const QUALITIES = [0.85, 0.7, 0.5];

/** The kinds of files that may be chosen: what the studio takes, and what this device can draw and make into it. */
export const CHOOSE = "image/svg+xml,image/png,image/jpeg,image/webp,image/heic,image/avif,image/gif,.svg,.png,.jpg,.jpeg";

const ENDINGS = { "image/png": "png", "image/jpeg": "jpg", "image/svg+xml": "svg" };

/** Whether a file of this type is a picture that may be chosen. */
export const isPicture = (type) => type !== "" && CHOOSE.split(",").includes(type);

/** The name under which a picture is sent; one from the clipboard may have none, and what stays as it is keeps its own. */
export const nameOf = (file) => (/\.\w+$/.test(file.name) && !ENDINGS[file.type] ? file.name : `${(file.name || "picture").replace(/\.\w+$/, "")}.${ENDINGS[file.type]}`);

/** The file as it is best sent, and what became of it, in words; what this device cannot draw is left as it is. */
export async function smaller(file) {
  const left = { file, said: "" };
  if (file.type === "image/svg+xml" || !file.type.startsWith("image/")) return left;
  const large = file.size > MOST;
  if (file.type === "image/png" && !large) return left;
  const source = URL.createObjectURL(file);
  try {
    const picture = new Image();
    picture.src = source;
    await picture.decode();
    const { naturalWidth: width, naturalHeight: height } = picture;
    const scale = Math.min(1, SIDE / Math.max(width, height));
    if (!large && scale === 1 && ENDINGS[file.type]) return left;
    const blob = await drawn(picture, Math.round(width * scale), Math.round(height * scale), file.type === "image/jpeg");
    if (!blob) return left;
    const said = blob.size < file.size ? `It was made smaller on this device: ${size(blob.size)} instead of ${size(file.size)}.` : "";
    return { file: new File([blob], nameOf({ name: file.name, type: blob.type }), { type: blob.type }), said };
  } catch {
    return left;
  } finally {
    URL.revokeObjectURL(source);
  }
}

/** What is drawn stays sharp (a PNG) where it is small enough; a photograph is a JPEG, the better the smaller it is already. */
async function drawn(picture, width, height, photograph) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext("2d");
  const made = (type, quality) => new Promise((done) => { canvas.toBlob(done, type, quality); });
  if (!photograph) {
    pen.drawImage(picture, 0, 0, width, height);
    const sharp = await made("image/png");
    if (sharp && sharp.size <= MOST) return sharp;
  }
  // A JPEG has no see-through places: paper is under them.
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, width, height);
  pen.drawImage(picture, 0, 0, width, height);
  for (const quality of QUALITIES) {
    const blob = await made("image/jpeg", quality);
    if (blob && blob.size <= MOST) return blob;
  }
  return null;
}

const size = (bytes) => (bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`);
